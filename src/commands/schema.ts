import { worldSchema } from '../check/world/file.ts'
import { jsonSchema } from '../values/json-schema.ts'
import type { JsonObject } from '../yaml/tree.ts'
import { CommandProblem } from './answer.ts'
import type { Answer, Call } from './answer.ts'

/** The JSON Schema of the values, whose key `--root` names, or of the file of `check --world`. */
export async function schemaCommand({ options: { root }, operands }: Call): Promise<Answer> {
  const [name = 'values', ...others] = operands
  const schema = others.length > 0 ? undefined : schemaOf(name, root)
  if (schema === undefined) throw new CommandProblem(`helm-netpol schema takes one word: values (without one as well) or world`, 2)
  return { text: `${JSON.stringify(schema, undefined, 2)}\n`, diagnostics: [] }
}

function schemaOf(name: string, root: string): JsonObject | undefined {
  if (name === 'values') return jsonSchema(root)
  return name === 'world' ? worldSchema() : undefined
}
