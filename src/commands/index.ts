import type { CommandName } from '../cli.ts'
import type { Answer, Call } from './answer.ts'
import { explainCommand } from './explain.ts'
import { fluxCommand } from './flux.ts'
import { valuesCommand } from './values.ts'

/** The commands beside the filter. They are bundled apart, so that the filter's start does not carry them. */

export { CommandProblem } from './answer.ts'
export { answerResourceList } from '../krm/answer.ts'

export const commands: Readonly<Record<CommandName, (call: Call) => Promise<Answer>>> = { explain: explainCommand, flux: fluxCommand, values: valuesCommand }
