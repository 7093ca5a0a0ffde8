import { jsonSchema } from '../values/json-schema.ts'
import { CommandProblem } from './answer.ts'
import type { Answer, Call } from './answer.ts'

/** The JSON Schema of the values; `--root` names the key that it describes. */
export async function schemaCommand({ operands, options: { root } }: Call): Promise<Answer> {
  if (operands.length > 0) throw new CommandProblem('helm-netpol schema takes no words; it writes the schema to stdout', 2)
  return { text: `${JSON.stringify(jsonSchema(root), undefined, 2)}\n`, diagnostics: [] }
}
