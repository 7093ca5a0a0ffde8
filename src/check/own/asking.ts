import type { Prepared } from '../prepare.ts'

/** Of whom it is asked. `namespace`: the release's. */
export type Asking = Pick<Prepared, 'scene' | 'release' | 'namespace'>

/** In words that follow what is wrong. */
export interface Problem {
  readonly problem: string
}
