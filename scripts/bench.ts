import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { crowdTable, largeTable, peerTable, usualTable } from './bench/streams-tables.ts'
import { importTable, profileTable, quickerTable, startTable } from './bench/start-tables.ts'
import { argumentsOf } from './arguments.ts'
import { node, versionOf } from './bench/node.ts'
import { growthTable } from './bench/growth-table.ts'
import { verdictTable } from './bench/verdicts-table.ts'
import { root } from './bundling.ts'

/**
 * Measures whole processes against an empty node, a copy of the stream and other tools, as ratios of runs that follow
 * each other. docs/performance.md says what there is to set.
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
  growth: growthTable,
  verdicts: verdictTable,
}

const { words: names, flags } = argumentsOf({
  usage: `npm run bench [-- [--write] [TABLE…]]
  TABLE: ${Object.keys(tables).join(', ')}; all without one
  --write puts them into docs/performance.md, which says what can be set by variables`,
  flags: ['write'],
  words: Object.keys(tables),
})

const scratch = mkdtempSync(join(tmpdir(), 'netpol-bench-'))
try {
  for (const [name, table] of Object.entries(tables)) {
    if (names.length > 0 && !names.includes(name)) continue
    const text = `${await table(scratch)}\n\n_Node ${versionOf(node)}, ${availableParallelism()} cores._`
    console.log(`\n${name}\n\n${text}`)
    if (flags.has('write')) write(name, text)
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
