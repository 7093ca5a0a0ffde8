import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { argumentsOf } from './arguments.ts'
import { root } from './bundling.ts'
import { bundledPackages, dependencyTables } from './dependencies.ts'
import { derivedFiles, filled } from './derived.ts'

/** Writes what is derived from the sources, and from the builds what dependencies.md says of them. */
const { words } = argumentsOf({ usage: 'npm run docs [-- FOLDER]\n  FOLDER gets the files in place of the repository', words: 1 })
const target = words[0] ?? root
const dependencies = 'docs/dependencies.md'
const files = [...(await derivedFiles()), [dependencies, filled(dependencies, dependencyTables(await bundledPackages()))] as const]
for (const [path, text] of files) {
  mkdirSync(dirname(join(target, path)), { recursive: true })
  writeFileSync(join(target, path), text)
}
