import { spawn } from 'node:child_process'

/** A shell waits for the end of our pipe and removes the folder then: it is gone even when this process is killed outright. */
export function guard(folder: string): void {
  const shell = spawn('sh', ['-c', 'read -r _; rm -rf "$0"', folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  shell.on('error', () => undefined)
  shell.unref()
}
