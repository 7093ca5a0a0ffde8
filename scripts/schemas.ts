import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/**
 * Takes from the engines' CRDs what a structural check of the user's own rules needs, without the prose:
 * `schemas.ts FOLDER` reads `FOLDER/<crd>.yaml` (cilium v1.20.2, projectcalico.org/v3, network-policy-api
 * v0.2.0) and writes src/passthrough/schemas/<engine>.json.
 */
const sources = {
  cilium: { file: 'cilium.io_ciliumnetworkpolicies.yaml', version: 'v2' },
  calico: { file: 'projectcalico.org_networkpolicies.yaml', version: 'v3' },
  clusterNetworkPolicy: { file: 'policy.networking.k8s.io_clusternetworkpolicies.yaml', version: 'v1alpha2' },
} as const

/** Words of a structural schema that are checked; descriptions, defaults and CEL are left behind. */
const kept = new Set(['type', 'enum', 'pattern', 'format', 'minimum', 'maximum', 'minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties', 'required', 'x-kubernetes-int-or-string', 'x-kubernetes-preserve-unknown-fields'])

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('name the folder that holds the CRDs')
for (const [engine, { file, version }] of Object.entries(sources)) {
  const crd: unknown = parse(readFileSync(join(folder, file), 'utf8'))
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
  const words = Object.entries(schema).filter(([key]) => kept.has(key))
  const properties = isRecord(schema['properties']) ? { properties: Object.fromEntries(Object.entries(schema['properties']).map(([key, value]) => [key, pruned(value)])) } : {}
  const items = isRecord(schema['items']) ? { items: pruned(schema['items']) } : {}
  const additional = isRecord(schema['additionalProperties']) ? { additionalProperties: pruned(schema['additionalProperties']) } : {}
  return { ...Object.fromEntries(words), ...properties, ...items, ...additional }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
