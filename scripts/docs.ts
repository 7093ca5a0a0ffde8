import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './bundling.ts'
import { derivedFiles } from './derived.ts'

/** Writes what is derived from the sources; `docs.ts FOLDER` writes elsewhere. */
const target = process.argv[2] ?? root
for (const [path, text] of await derivedFiles()) {
  mkdirSync(dirname(join(target, path)), { recursive: true })
  writeFileSync(join(target, path), text)
}
