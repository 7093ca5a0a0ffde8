import type { Difference } from '../diff/diff.ts'
import type { Account } from '../model.ts'
import { renderDifferenceJson, renderJson } from './json.ts'
import { renderDifferenceJunit, renderJunit } from './junit.ts'
import { renderDifferenceSarif, renderSarif } from './sarif.ts'
import { renderDifferenceTable, renderTable } from './table.ts'

export interface FormatOptions {
  /** Of the terminal, in columns. */
  readonly width: number
  readonly color: boolean
}

export interface Format {
  /** One line for the help text. */
  readonly describe: string
  readonly account: (account: Account, options: FormatOptions) => string
  readonly difference: (difference: Difference, options: FormatOptions) => string
}

/** Every format. The keys are the values of `--format`, the help text and the test matrix. */
export const formats = {
  table: { describe: 'for people on a terminal', account: renderTable, difference: renderDifferenceTable },
  json: { describe: 'everything, for programs', account: renderJson, difference: renderDifferenceJson },
  junit: { describe: 'a test report, for CI', account: renderJunit, difference: renderDifferenceJunit },
  sarif: { describe: 'SARIF 2.1.0, for code scanning', account: renderSarif, difference: renderDifferenceSarif },
} as const satisfies Record<string, Format>

export type FormatName = keyof typeof formats
