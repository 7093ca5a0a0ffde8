import type { JsonObject } from '../yaml/tree.ts'
import { orNull } from './fields.ts'
import { networkPolicy } from './schema.ts'

/**
 * JSON Schema (draft 7, which Helm 3, Helm 4 and editors read) of our block under the key `root`; the rest of a chart's values is open.
 * It refuses nothing that the values take. What it cannot say (bits past a prefix, an exception outside its block, an engine's own rules)
 * the program says.
 */
export function jsonSchema(root: string): JsonObject {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'helm-netpol values',
    type: 'object',
    properties: { [root]: orNull(networkPolicy.schema()) },
  }
}
