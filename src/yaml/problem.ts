import type { Place } from './tree.ts'

/** A text that is no YAML: every mistake with its place. */
export class YamlProblem extends Error {
  readonly mistakes: readonly { place: Place; message: string }[]

  constructor(mistakes: readonly { place: Place; message: string }[]) {
    super('no valid YAML')
    this.name = 'YamlProblem'
    this.mistakes = mistakes
  }
}
