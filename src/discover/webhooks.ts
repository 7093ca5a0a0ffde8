import { webhookKinds } from '../resources/kinds.ts'
import { title } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { at, itemsAt, placeOf, textAt } from '../yaml/tree.ts'
import type { Place, Tree } from '../yaml/tree.ts'
import { portReference } from './ports.ts'

/** A Service that the kube-apiserver itself dials: for admission, conversion or an aggregated API. */
export interface WebhookClient {
  readonly service: string
  readonly namespace: string | undefined
  /** The Service's port; 443 where the reference leaves it out. */
  readonly port: number
  /** `ValidatingWebhookConfiguration x`. */
  readonly from: string
  readonly place: Place
}

export function toWebhookClients(resources: readonly Resource[]): WebhookClient[] {
  return resources.flatMap(resource => {
    if (resource.kind === 'APIService') return byService(at(resource.tree, 'spec', 'service'), resource)
    return clientConfigs(resource).flatMap(config => [...byService(at(config, 'service'), resource), ...byUrl(at(config, 'url'), resource)])
  })
}

function clientConfigs({ kind, tree }: Resource): Tree[] {
  if (webhookKinds.some(known => known === kind)) return itemsAt(tree, 'webhooks').flatMap(webhook => at(webhook, 'clientConfig') ?? [])
  if (kind === 'CustomResourceDefinition') return [at(tree, 'spec', 'conversion', 'webhook', 'clientConfig') ?? []].flat()
  return []
}

/** admissionregistration, apiextensions and apiregistration v1 all default to 443. */
function byService(reference: Tree | undefined, resource: Resource): WebhookClient[] {
  if (reference?.kind !== 'mapping') return []
  const port = portReference(at(reference, 'port'))
  return [
    {
      service: textAt(reference, 'name') ?? '',
      namespace: textAt(reference, 'namespace') || undefined,
      port: typeof port === 'number' ? port : 443,
      from: title(resource),
      place: placeOf(reference, title(resource)),
    },
  ]
}

/** A URL that names a Service of the cluster; any other host is outside of it. */
function byUrl(node: Tree | undefined, resource: Resource): WebhookClient[] {
  const [, service, namespace, port] = inCluster.exec(textAt(node)?.toLowerCase() ?? '') ?? []
  if (node === undefined || service === undefined) return []
  return [{ service, namespace, port: port === undefined ? 443 : Number(port), from: title(resource), place: placeOf(node, title(resource)) }]
}

/** `https://name.namespace.svc`, with the cluster's domain or without. */
const inCluster = /^https:\/\/([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.[a-z0-9.-]*)?(?::(\d{1,5}))?(?:[/?#]|$)/
