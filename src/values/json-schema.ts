import type { JsonObject } from '../yaml/tree.ts'
import { networkPolicy } from './schema.ts'

/** JSON Schema (draft 7, which Helm 3, Helm 4 and editors read) of one block of a chart's values: the rest of the values is open. */
export function jsonSchema(root: string): JsonObject {
  const block = root.split('.').reduceRight<JsonObject>((below, key) => ({ type: 'object', properties: { [key]: below } }), networkPolicy.schema())
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'helm-netpol values', ...block }
}
