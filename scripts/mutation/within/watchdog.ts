import { Worker } from 'node:worker_threads'

/** Ends this process by SIGTERM once it has used more processor time than it may, for a loop without end hears nobody. The clock on the wall says little on a busy machine. */

const allowed = new Float64Array(new SharedArrayBuffer(8))
const watch = `
  const { workerData } = require('node:worker_threads')
  setInterval(() => {
    const { user, system } = process.cpuUsage()
    if (user + system > workerData[0]) process.kill(process.pid, 'SIGTERM')
  }, 250)`

/** Milliseconds of processor time that this process has used. */
export function used(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Milliseconds that it may use from now on. */
export function allow(milliseconds: number): void {
  allowed[0] = (used() + milliseconds) * 1000
}

// For the modules that are loaded next.
allow(60_000)
new Worker(watch, { eval: true, workerData: allowed }).unref()
