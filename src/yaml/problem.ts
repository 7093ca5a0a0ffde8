import type { Place } from './tree.ts'

/** A text that is no YAML: every mistake with its place. */
export class YamlProblem extends Error {
  readonly mistakes: readonly { place: Place; message: string }[]

  constructor(mistakes: readonly { place: Place; message: string }[]) {
    super(mistakes.map(({ place, message }) => `${place.source}:${place.line}:${place.column} ${message}`).join('\n'))
    this.name = 'YamlProblem'
    this.mistakes = mistakes
  }
}
