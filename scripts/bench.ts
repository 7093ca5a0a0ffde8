import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { crowdTable, largeTable, peerTable, usualTable } from './bench/streams-tables.ts'
import { importTable, profileTable, quickerTable, startTable } from './bench/start-tables.ts'
import { verdictTable } from './bench/verdicts-table.ts'
import { root } from './bundling.ts'

/**
 * Measures whole processes against an empty node, a copy of the stream and other tools, as ratios of runs that follow
 * each other. `npm run bench` prints all tables, `-- NAME…` some of them, `-- --write` puts them into docs/performance.md.
 * ROUNDS multiplies the rounds (default 1).
 */
const page = join(root, 'docs/performance.md')

const tables: Readonly<Record<string, (scratch: string) => string | Promise<string>>> = {
  start: startTable,
  imports: importTable,
  quicker: quickerTable,
  profile: profileTable,
  charts: usualTable,
  sizes: largeTable,
  crowds: crowdTable,
  peers: peerTable,
  verdicts: verdictTable,
}

const words = process.argv.slice(2)
const names = words.filter(word => word !== '--write')
const unknown = names.filter(name => !Object.hasOwn(tables, name))
if (unknown.length > 0) {
  console.error(`no such table: ${unknown.join(', ')}; there are ${Object.keys(tables).join(', ')}`)
  process.exit(2)
}

const scratch = mkdtempSync(join(tmpdir(), 'netpol-bench-'))
try {
  for (const [name, table] of Object.entries(tables)) {
    if (names.length > 0 && !names.includes(name)) continue
    const text = `${await table(scratch)}\n\n_Node ${process.versions.node}, ${availableParallelism()} cores._`
    console.log(`\n${name}\n\n${text}`)
    if (words.includes('--write')) write(name, text)
  }
} finally {
  rmSync(scratch, { recursive: true })
}

/** Puts a table between its marks in the page. */
function write(name: string, text: string): void {
  const before = `<!-- measured: ${name} -->\n`
  const after = `\n<!-- end: ${name} -->`
  const whole = readFileSync(page, 'utf8')
  const start = whole.indexOf(before)
  const end = whole.indexOf(after)
  if (start < 0 || end < 0) throw new Error(`${page} has no place for the table ${name}`)
  writeFileSync(page, `${whole.slice(0, start + before.length)}\n${text}\n${whole.slice(end)}`)
}
