/** What a worker is asked: to run the tests of this file, relative to `test/`. */
export type Ask = string

/** What it answers. */
export interface Ran {
  readonly file: string
  /** What uvu printed. */
  readonly text: string
  readonly total: number
  readonly passed: number
  readonly skipped: number
}
