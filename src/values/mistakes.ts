import type { Diagnose } from '../diagnostics/collect.ts'
import { YamlProblem } from '../yaml/problem.ts'

/** Tells every mistake of a file that is no YAML (NP201); throws whatever else was caught. */
export function tellMistakes(problem: unknown, diagnose: Diagnose): void {
  if (!(problem instanceof YamlProblem)) throw problem
  for (const { place, message } of problem.mistakes) diagnose('NP201', { problem: message }, place)
}
