import { changeOf } from './explained.ts'
import type { Explained } from './explained.ts'
import type { Mutant } from './instrument.ts'
import type { Verdict } from './judge.ts'

export interface Judged {
  readonly mutant: Mutant
  readonly verdict: Verdict
}

/** Nothing found it. */
export function isStanding(verdict: Verdict | undefined): boolean {
  return verdict?.is === 'survived' || verdict?.is === 'uncovered'
}

/** One line a survivor, as editors and terminals link it. */
export function survivorLine({ mutant, verdict }: Judged): string {
  const { line, column } = mutant.range.start
  return `${mutant.file}:${line}:${column}  ${changeOf(mutant)}${verdict.is === 'uncovered' ? '  (no test comes here)' : ''}`
}

/** Counts for each folder and for all. */
export function table(folders: readonly string[], judged: readonly Judged[], { reasons }: Explained): string {
  const rows = folders.map(folder => ({ name: folder, of: judged.filter(({ mutant }) => isBelow(mutant.file, folder)) }))
  const all = rows.length > 1 ? [...rows, { name: 'all', of: judged }] : rows
  const width = Math.max(...all.map(({ name }) => name.length), 4)
  const head = [''.padEnd(width), ...columns.map(column => column.padStart(12))].join(' ')
  return [head, ...all.map(({ name, of }) => row(name.padEnd(width), of, reasons))].join('\n')
}

const columns = ['mutants', 'by types', 'by tests', 'endless', 'explained', 'unexplained', 'score']

function isBelow(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}/`)
}

/** The score is of those that compile. */
function row(name: string, of: readonly Judged[], reasons: ReadonlyMap<Mutant, string>): string {
  const number = (is: Verdict['is']): number => of.filter(({ verdict }) => verdict.is === is).length
  const standing = of.filter(({ verdict }) => isStanding(verdict))
  const explained = standing.filter(({ mutant }) => reasons.has(mutant)).length
  const score = 100 * (1 - standing.length / Math.max(1, of.length - number('refused')))
  const counts = [of.length, number('refused'), number('killed'), number('endless'), explained, standing.length - explained]
  return [name, ...[...counts.map(String), `${score.toFixed(1)} %`].map(text => text.padStart(12))].join(' ')
}

/** In the shape of mutation-testing-report-schema 2, which viewers of such reports read. */
export function toJson(judged: readonly Judged[], texts: ReadonlyMap<string, string>, { reasons }: Explained): object {
  const files = [...texts].map(([file, source]) => [
    file,
    { language: 'typescript', source, mutants: judged.filter(({ mutant }) => mutant.file === file).map(one => entry(one, reasons)) },
  ])
  return { schemaVersion: '2', thresholds: { high: 100, low: 90 }, files: Object.fromEntries(files) }
}

function entry({ mutant, verdict }: Judged, reasons: ReadonlyMap<Mutant, string>): object {
  const { id, mutator, replacement, range } = mutant
  const reason = reasons.get(mutant)
  const status = reason === undefined ? statuses[verdict.is] : 'Ignored'
  return {
    id,
    mutatorName: mutator,
    replacement,
    location: range,
    status,
    ...(reason === undefined ? {} : { statusReason: reason }),
    ...(verdict.is === 'killed' ? { killedBy: [verdict.by] } : {}),
  }
}

const statuses = { killed: 'Killed', endless: 'Timeout', survived: 'Survived', uncovered: 'NoCoverage', refused: 'CompileError' } as const
