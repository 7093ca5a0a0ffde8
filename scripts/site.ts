import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { argumentsOf } from './arguments.ts'
import { buildSite } from './site/build.ts'
import { findPages } from './site/pages.ts'

/** Writes the documentation as a site of plain files, for a browser without a network. */
const root = join(import.meta.dirname, '..')
const usual = join(root, 'build/site')
const { words } = argumentsOf({ usage: 'npm run site [-- FOLDER]\n  FOLDER must be new or empty (without it: build/site)', words: 1 })
const target = resolve(words[0] ?? usual)
if (target !== usual && existsSync(target) && readdirSync(target).length > 0) {
  process.stderr.write(`${target} is not empty; name a new folder, or none for build/site\n`)
  process.exit(2)
}

const { files, problems } = buildSite(root, findPages(root))
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n${problems.length} links lead nowhere; nothing was written\n`)
  process.exit(1)
}
if (target === usual) rmSync(usual, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
for (const [name, text] of files) writeFileSync(join(target, name), text)
process.stdout.write(`${files.size} pages: ${join(relative(process.cwd(), target), 'index.html')}\n`)
