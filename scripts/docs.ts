import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './bundling.ts'
import { bundledPackages, dependencyTables } from './dependencies.ts'
import { derivedFiles, filled } from './derived.ts'

/** Writes what is derived from the sources, and from the builds what dependencies.md says of them; `docs.ts FOLDER` writes elsewhere. */
const target = process.argv[2] ?? root
const dependencies = 'docs/dependencies.md'
const files = [...(await derivedFiles()), [dependencies, filled(dependencies, dependencyTables(await bundledPackages()))] as const]
for (const [path, text] of files) {
  mkdirSync(dirname(join(target, path)), { recursive: true })
  writeFileSync(join(target, path), text)
}
