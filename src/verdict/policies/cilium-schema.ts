import schemas from '../../passthrough/schemas/cilium.json' with { type: 'json' }
import type { Schema, Schemas } from '../../passthrough/schema.ts'

const rules: Schemas = schemas
const selector = rules.ingress.properties?.['fromEndpoints']?.items ?? {}

/** A rule that denies has no words for what the proxy does, nor for names. */
function denying({ properties = {}, ...schema }: Schema): Schema {
  const { authentication: _, toFQDNs: __, toPorts, ...kept } = properties
  const ports = toPorts?.items?.properties?.['ports'] ?? {}
  return { ...schema, properties: { ...kept, toPorts: { type: 'array', items: { type: 'object', properties: { ports } } } } }
}

const text: Schema = { type: 'string' }
const flag: Schema = { type: 'boolean' }

function listOf(items: Schema): Schema {
  return { type: 'array', items }
}

/** What the CRDs of CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy say of a spec (cilium v1.20.2). */
export const ciliumSpec: Schema = {
  type: 'object',
  exactlyOne: ['endpointSelector', 'nodeSelector'],
  properties: {
    description: text,
    enableDefaultDeny: { type: 'object', properties: { ingress: flag, egress: flag } },
    endpointSelector: selector,
    nodeSelector: selector,
    ingress: listOf(rules.ingress),
    ingressDeny: listOf(denying(rules.ingress)),
    egress: listOf(rules.egress),
    egressDeny: listOf(denying(rules.egress)),
    labels: listOf({ type: 'object', required: ['key'], properties: { key: text, source: text, value: text } }),
    log: { type: 'object', properties: { value: { type: 'string', maxLength: 32 } } },
  },
}
