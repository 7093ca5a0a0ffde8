import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { buildSite } from './site/build.ts'
import { findPages } from './site/pages.ts'

/** Writes the documentation as a site of plain files, for a browser without a network. `site.ts FOLDER` writes to a new or empty folder instead of build/site. */
const root = join(import.meta.dirname, '..')
const usual = join(root, 'build/site')
const target = resolve(process.argv[2] ?? usual)
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
