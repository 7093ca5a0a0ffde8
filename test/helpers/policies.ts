import { engines } from '../../src/engines/registry.ts'
import type { EngineName } from '../../src/engines/registry.ts'
import { readFully } from '../../src/yaml/full.ts'
import { isObject, itemsOf, objectAt } from '../../src/yaml/json.ts'
import { toJson } from '../../src/yaml/tree.ts'
import type { JsonObject } from '../../src/yaml/tree.ts'
import { runWith, textOf } from './run.ts'
import { workload } from './streams.ts'

/** The policies that a small stream gets, as plain data. */
export async function policies(engine: EngineName, { block = '', stream = workload() }: { block?: string; stream?: string } = {}): Promise<JsonObject[]> {
  const text = textOf(await runWith(stream, { engine, values: `networkPolicy:\n  enabled: true\n${block}` }))
  const documents = readFully({ name: 'output', text, firstLine: 0 }, { uniqueKeys: true }).map(toJson).filter(isObject)
  return documents.filter(({ kind }) => kind === engines[engine].kind)
}

/** The rules of a direction in the first policy of that stream. */
export async function rules(engine: EngineName, direction: 'ingress' | 'egress', given: { block?: string; stream?: string }): Promise<JsonObject[]> {
  const [policy = {}] = await policies(engine, given)
  return itemsOf(objectAt(policy, 'spec')[direction]).filter(isObject)
}
