import { Worker } from 'node:worker_threads'
import { processorTime } from './clock.ts'

/** Ends this process by SIGTERM once it has used more processor time than it may, for a loop without end hears nobody. The clock on the wall says little on a busy machine. */

const allowed = new Float64Array(new SharedArrayBuffer(8))
const watch = `
  const { workerData } = require('node:worker_threads')
  setInterval(() => {
    const { user, system } = process.cpuUsage()
    if (user + system > workerData[0]) process.kill(process.pid, 'SIGTERM')
  }, 250)`

allow(Infinity)
new Worker(watch, { eval: true, workerData: allowed }).unref()

/** Milliseconds of processor time that it may use from now on. */
export function allow(milliseconds: number): void {
  allowed[0] = (processorTime() + milliseconds) * 1000
}
