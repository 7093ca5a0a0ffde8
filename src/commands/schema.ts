import { jsonSchema } from '../values/json-schema.ts'
import type { Answer, Call } from './answer.ts'

/** The JSON Schema of the values; `--root` names the key that it describes. */
export async function schemaCommand({ options: { root } }: Call): Promise<Answer> {
  return { text: `${JSON.stringify(jsonSchema(root), undefined, 2)}\n`, diagnostics: [] }
}
