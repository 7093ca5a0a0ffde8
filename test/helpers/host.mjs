import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Runs a built program call after call within one process: `node host.mjs URL FOLDER`. Each call evaluates the program anew, with arguments,
 * environment and working directory of its own, and with files of FOLDER as its descriptors 0, 1 and 2. Answers with the exit code.
 */
const [program, folder] = process.argv.splice(2)
let calls = 0

process.on('message', async ({ args, env, cwd }) => {
  open(0, 'stdin', 'r')
  open(1, 'stdout', 'w')
  open(2, 'stderr', 'w')
  process.argv.splice(2, Infinity, ...args)
  process.env = env
  process.chdir(cwd)
  process.exitCode = undefined
  // Under another name a module is evaluated again.
  await import(`${program}?${++calls}`)
  process.send(process.exitCode ?? 0)
})

/** What is opened next gets the lowest descriptor that is free. */
function open(descriptor, name, flags) {
  closeSync(descriptor)
  const opened = openSync(join(folder, name), flags)
  if (opened !== descriptor) throw new Error(`${name} became descriptor ${opened}`)
}
