// Its default export is all that its CommonJS and its ESM build have in common.
import jsonPatch from 'fast-json-patch'
import type { Operation } from 'fast-json-patch'
import type { Policy } from '../engines/contract.ts'
import type { Located } from '../values/fields.ts'
import { objectAt } from '../yaml/json.ts'
import type { JsonObject } from '../yaml/tree.ts'

export interface Passthrough {
  readonly ingress: readonly Located<null>[]
  readonly egress: readonly Located<null>[]
}

/** Adds the user's rules, word for word, to a rendered policy. The policy is changed in place, so that its rules stay the objects that their reasons are for. */
export function merge(policy: Policy, passthrough: Passthrough): Policy {
  const rules = [...passthrough.ingress, ...passthrough.egress]
  jsonPatch.applyPatch(policy.manifest, [...additions(policy, passthrough, 'ingress'), ...additions(policy, passthrough, 'egress')], true, true)
  return { ...policy, rules: [...policy.rules, ...reasons(policy.manifest, rules)] }
}

function additions({ manifest, insertAt }: Policy, passthrough: Passthrough, direction: 'ingress' | 'egress'): Operation[] {
  const rules = passthrough[direction]
  if (rules.length === 0) return []
  const missing = objectAt(manifest, 'spec')[direction] === undefined
  const list: Operation[] = missing ? [{ op: 'add', path: `/spec/${direction}`, value: [] }] : []
  const start = missing ? '-' : last(insertAt[direction])
  return [
    ...list,
    ...rules.map(({ json }, index): Operation => ({ op: 'add', path: `/spec/${direction}/${start === '-' ? start : Number(start) + index}`, value: json })),
  ]
}

function last(pointer: string): string {
  return pointer.slice(pointer.lastIndexOf('/') + 1)
}

/** The added rules as they now stand in the manifest, with the values they came from. */
function reasons(manifest: JsonObject, rules: readonly Located<null>[]): Policy['rules'] {
  const spec = objectAt(manifest, 'spec')
  const present = new Set([spec['ingress'], spec['egress']].flatMap(list => (Array.isArray(list) ? list : [])))
  return rules.flatMap(({ json, path }) => (present.has(json) ? [{ rule: json, reason: `from ${path}` }] : []))
}
