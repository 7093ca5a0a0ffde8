import { webhookKinds } from '../resources/kinds.ts'
import { title } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { at, itemsAt, placeOf, textAt } from '../yaml/tree.ts'
import type { Place, Tree } from '../yaml/tree.ts'
import { portReference } from './workload.ts'

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
  return resources.flatMap(resource =>
    serviceReferences(resource).map(reference => ({
      service: textAt(reference, 'name') ?? '',
      namespace: textAt(reference, 'namespace') || undefined,
      port: clientPort(reference),
      from: title(resource),
      place: placeOf(reference, title(resource)),
    })),
  )
}

function serviceReferences({ kind, tree }: Resource): Tree[] {
  if (webhookKinds.some(known => known === kind)) {
    return itemsAt(tree, 'webhooks')
      .flatMap(webhook => at(webhook, 'clientConfig', 'service') ?? [])
      .filter(isMapping)
  }
  if (kind === 'APIService') return [at(tree, 'spec', 'service')].filter(isMapping)
  if (kind === 'CustomResourceDefinition') return [at(tree, 'spec', 'conversion', 'webhook', 'clientConfig', 'service')].filter(isMapping)
  return []
}

function isMapping(tree: Tree | undefined): tree is Tree {
  return tree?.kind === 'mapping'
}

/** admissionregistration, apiextensions and apiregistration v1 all default to 443. */
function clientPort(reference: Tree): number {
  const port = portReference(at(reference, 'port'))
  return typeof port === 'number' ? port : 443
}
