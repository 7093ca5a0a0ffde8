/** What a worker is asked: to run the tests of a script. */
export interface Ask {
  /** What the file is called, for people. */
  readonly file: string
  readonly script: string
}

/** What it answers. */
export interface Ran {
  readonly file: string
  /** What uvu printed. */
  readonly text: string
  readonly total: number
  readonly passed: number
  readonly skipped: number
}
