/** What a worker and its foreman say to each other. */

export type Job =
  /** Run every test without a mutant, and tell which mutants each comes across. */
  | { readonly do: 'survey' }
  /** Run these tests with this mutant until one fails; `limit`: how often it may be come across; `milliseconds`: of processor time. */
  | { readonly do: 'try'; readonly mutant: string; readonly tests: readonly string[]; readonly limit: number; readonly milliseconds: number }
  /** Run every test without a mutant: what earlier mutants left behind must not show. */
  | { readonly do: 'check' }

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
