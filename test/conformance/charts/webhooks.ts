import { at, list, number, text } from '../harness/manifest.ts'
import type { Manifest, Value } from '../harness/manifest.ts'
import { behind } from './services.ts'
import type { Facts, Wire } from './wires.ts'

interface Reference {
  name: string | undefined
  namespace: string | undefined
  port: number
}

/** What the API server dials: admission, conversion and aggregated API servers. */
export function dialledByApiServer(facts: Facts): Wire[] {
  return facts.objects.flatMap(object =>
    clients(object).flatMap(client => {
      const why = `${object.kind} ${object.name}`
      const reference = referenceOf(client)
      if (reference === undefined) {
        if (text(at(client, 'url')) !== undefined) facts.leave('a webhook by a URL that is no Service', `${why} → ${text(at(client, 'url')) ?? ''}`)
        return []
      }
      const { name, namespace, port } = reference
      const service = facts.services.find(other => other.name === name && other.namespace === namespace)
      const entry = service?.ports.find(other => other.port === port && other.protocol === 'TCP')
      const wires = service === undefined || entry === undefined ? [] : behind(facts, service, entry, 'webhook', why)
      if (wires.length === 0) facts.leave('a webhook of no workload that is judged', `${why} → Service ${namespace ?? ''}/${name ?? ''}:${port}`)
      return wires
    }),
  )
}

function clients({ kind, body }: Manifest): (Value | undefined)[] {
  switch (kind) {
    case 'ValidatingWebhookConfiguration':
    case 'MutatingWebhookConfiguration':
      return list(at(body, 'webhooks')).map(hook => at(hook, 'clientConfig'))
    case 'CustomResourceDefinition':
      return [at(body, 'spec', 'conversion', 'webhook', 'clientConfig')]
    case 'APIService':
      return [at(body, 'spec')]
    default:
      return []
  }
}

function referenceOf(client: Value | undefined): Reference | undefined {
  const service = at(client, 'service')
  if (service !== undefined && service !== null) return { name: text(at(service, 'name')), namespace: text(at(service, 'namespace')), port: number(at(service, 'port')) ?? 443 }
  const written = text(at(client, 'url'))
  if (written === undefined) return undefined
  const { protocol, hostname, port } = new URL(written)
  const [name, namespace, svc] = hostname.split('.')
  return protocol === 'https:' && svc === 'svc' ? { name, namespace, port: port === '' ? 443 : Number(port) } : undefined
}
