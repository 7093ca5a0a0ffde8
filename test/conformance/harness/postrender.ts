import { createHash } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from './product.ts'
import { run, runForBytes } from './proc.ts'
import type { Environment, Ran } from './proc.ts'
import { scratch } from './scratch.ts'

/** Environment without settings of whoever runs the suite. */
export const cleanEnvironment: Environment = Object.fromEntries(
  Object.keys(process.env)
    .filter(key => key.startsWith('HELM_'))
    .map(key => [key, undefined]),
)

let count = 0

/** Values as a file; JSON is YAML. It is whole from the moment it is there: another call may be reading one of the same values. */
export function valuesFile(values: object): string {
  const source = JSON.stringify(values)
  const file = join(scratch('values'), `${createHash('sha1').update(source).digest('hex')}.json`)
  const unfinished = `${file}.${process.pid}.${++count}`
  writeFileSync(unfinished, source)
  renameSync(unfinished, file)
  return file
}

/** The same for bytes that need not be text. */
export const postRenderBytes = (stream: Buffer, values: object, flags: readonly string[] = []): Promise<{ code: number; stdout: Buffer; stderr: string }> =>
  runForBytes(process.execPath, [bundle(), '-f', valuesFile(values), ...flags], stream, cleanEnvironment)

/** The committed bundle as a filter, as Helm runs it. */
export function postRender(stream: string, values: object, flags: readonly string[] = []): Promise<Ran> {
  return run(process.execPath, [bundle(), '-f', valuesFile(values), ...flags], { input: stream, env: cleanEnvironment })
}
