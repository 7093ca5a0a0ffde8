import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { buildSite } from './site/build.ts'
import { findPages } from './site/pages.ts'

/** Writes the documentation as a site of plain files, for a browser without a network. `site.ts FOLDER` writes elsewhere than build/site. */
const root = join(import.meta.dirname, '..')
const target = process.argv[2] ?? join(root, 'build/site')

const { files, problems } = buildSite(root, findPages(root))
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n${problems.length} links lead nowhere; nothing was written\n`)
  process.exit(1)
}
rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
for (const [name, text] of files) writeFileSync(join(target, name), text)
process.stdout.write(`${files.size} pages: ${join(relative(process.cwd(), target), 'index.html')}\n`)
