import type { Judges } from './judges.ts'
import type { Report } from './report.ts'

/** One part of the suite: its name is what the command line selects. */
export interface Part {
  name: string
  about: string
  /** How many failures are printed in full, where it is not the usual number. */
  prints?: number
  /** It runs where it is named, and not with all the others. */
  onlyNamed?: true
  run(report: Report, judges: Judges): Promise<void>
}
