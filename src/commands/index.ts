import type { CommandName } from '../cli.ts'
import type { Answer, Call } from './answer.ts'
import { checkCommand } from './check.ts'
import { completionCommand } from './completion.ts'
import { explainCommand } from './explain.ts'
import { fluxCommand } from './flux.ts'
import { schemaCommand } from './schema.ts'
import { valuesCommand } from './values.ts'

/** The commands beside the filter. They are bundled apart, so that the filter's start does not carry them. */

export { CommandProblem } from './answer.ts'
export { commandHelp } from './help.ts'
export { answerResourceList } from '../krm/answer.ts'

export const commands: Readonly<Record<CommandName, (call: Call) => Promise<Answer>>> = {
  explain: explainCommand,
  values: valuesCommand,
  check: checkCommand,
  flux: fluxCommand,
  completion: completionCommand,
  schema: schemaCommand,
}
