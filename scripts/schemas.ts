import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/**
 * Takes from the engines' CRDs what a structural check of the user's own rules needs, without the prose:
 * `schemas.ts CILIUM CALICO CLUSTER-NETWORK-POLICY` reads the three CRDs (cilium v1.20.2,
 * projectcalico.org/v3, network-policy-api v0.2.0 of the experimental channel, which holds all of the
 * standard one) and writes src/passthrough/schemas/<engine>.json.
 */
const versions = { cilium: 'v2', calico: 'v3', clusterNetworkPolicy: 'v1alpha2' } as const

/** Words of a structural schema that are checked; descriptions and CEL are left behind. A default is kept as a sign that null is taken for it. */
const kept = new Set([
  'type',
  'enum',
  'pattern',
  'format',
  'default',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
  'required',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
])

/** The same languages without nested repetition, over which a backtracking matcher takes time without end. */
const linear = new Map([
  ['^([-a-zA-Z0-9_]+[.]?)+$', '^[-a-zA-Z0-9_](\\.?[-a-zA-Z0-9_])*\\.?$'],
  ['^([-a-zA-Z0-9_*]+[.]?)+$', '^[-a-zA-Z0-9_*](\\.?[-a-zA-Z0-9_*])*\\.?$'],
])
/** Cilium's pattern for ports is weaker than its agent's own check, which is made anyway; and any pattern of Calico's takes everything. */
const dropped = /^\^\.\*$|655/

const files = process.argv.slice(2)
if (files.length !== Object.keys(versions).length) throw new Error('name the CRDs of cilium, calico and clusterNetworkPolicy')
for (const [index, [engine, version]] of Object.entries(versions).entries()) {
  const crd: unknown = parse(readFileSync(files[index] ?? '', 'utf8'))
  const spec = at(versionOf(crd, version), 'schema', 'openAPIV3Schema', 'properties', 'spec', 'properties')
  const schema = { ingress: pruned(at(spec, 'ingress', 'items')), egress: pruned(at(spec, 'egress', 'items')) }
  writeFileSync(join(import.meta.dirname, `../src/passthrough/schemas/${engine}.json`), `${JSON.stringify(schema)}\n`)
}

function versionOf(crd: unknown, version: string): unknown {
  const versions = at(crd, 'spec', 'versions')
  const found = Array.isArray(versions) ? versions.find(candidate => at(candidate, 'name') === version) : undefined
  if (found === undefined) throw new Error(`the CRD has no version ${version}`)
  return found
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value)
}

function pruned(schema: unknown): unknown {
  if (!isRecord(schema)) throw new Error('no schema there')
  const words = Object.entries(schema).flatMap(([key, value]) => (kept.has(key) ? word(key, value) : []))
  const properties = isRecord(schema['properties'])
    ? { properties: Object.fromEntries(Object.entries(schema['properties']).map(([key, value]) => [key, pruned(value)])) }
    : {}
  const items = isRecord(schema['items']) ? { items: pruned(schema['items']) } : {}
  const additional = isRecord(schema['additionalProperties']) ? { additionalProperties: pruned(schema['additionalProperties']) } : {}
  const set = schema['x-kubernetes-list-type'] === 'set' ? { set: true } : {}
  return { ...Object.fromEntries(words), ...exactlyOne(schema['oneOf']), ...set, ...properties, ...items, ...additional }
}

function word(key: string, value: unknown): [string, unknown][] {
  if (key !== 'pattern' || typeof value !== 'string') return [[key, value]]
  return dropped.test(value) ? [] : [[key, linear.get(value) ?? value]]
}

/** `oneOf` as the CRDs use it: just one of these keys. */
function exactlyOne(choices: unknown): { exactlyOne?: string[] } {
  if (!Array.isArray(choices)) return {}
  const keys = choices.map(choice => at(choice, 'required')).flatMap(required => (Array.isArray(required) && required.length === 1 ? required.map(String) : []))
  if (keys.length !== choices.length) throw new Error('a oneOf that is no choice of keys')
  return { exactlyOne: keys }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
