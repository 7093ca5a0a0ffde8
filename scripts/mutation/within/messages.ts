/** What a worker and its foreman say to each other. */

export type Job =
  /** Run every test without a mutant, and tell which mutants each comes across. */
  | { readonly do: 'survey' }
  | Try
  /** Run every test without a mutant: what earlier mutants left behind must not show. */
  | { readonly do: 'check' }

/** Run these tests with this mutant until one fails. */
export interface Try {
  readonly do: 'try'
  readonly mutant: string
  readonly tests: readonly string[]
  /** It runs while modules load: they have to be loaded with it. */
  readonly loading: boolean
  /** How often it may be come across. */
  readonly limit: number
  /** Of processor time, after which it is taken for endless. */
  readonly milliseconds: number
}

export type Answer =
  | { readonly is: 'ready' }
  | { readonly is: 'survey'; readonly loading: Counts; readonly tests: readonly Surveyed[] }
  | { readonly is: 'survived' }
  | { readonly is: 'killed'; readonly by: string }
  | { readonly is: 'endless' }
  | { readonly is: 'checked'; readonly failed: readonly string[] }

/** How often mutants were come across, by their ids. */
export type Counts = Readonly<Record<string, number>>

export interface Surveyed {
  readonly id: string
  /** Of processor time. */
  readonly milliseconds: number
  readonly counts: Counts
  /** `aside`: it is about the edge of the program, and is not run here. */
  readonly outcome: 'passed' | 'aside' | { readonly failed: string }
}
