import type { Engine } from '../flows/model.ts'
import { engines } from '../flows/model.ts'
import { at, list, text } from '../harness/manifest.ts'
import type { Value } from '../harness/manifest.ts'
import type { Cluster } from './server.ts'

/** Where an engine's policies are kept on the API server. */
export const resources: Record<Engine, { group: string; plural: string; namespaced: boolean }> = {
  kubernetes: { group: 'networking.k8s.io/v1', plural: 'networkpolicies', namespaced: true },
  cilium: { group: 'cilium.io/v2', plural: 'ciliumnetworkpolicies', namespaced: true },
  calico: { group: 'projectcalico.org/v3', plural: 'networkpolicies', namespaced: true },
  clusterNetworkPolicy: { group: 'policy.networking.k8s.io/v1alpha2', plural: 'clusternetworkpolicies', namespaced: false },
}

export const pathOf = (engine: Engine, namespace: string, name?: string): string => {
  const { group, plural, namespaced } = resources[engine]
  return `/apis/${group}${namespaced ? `/namespaces/${namespace}` : ''}/${plural}${name === undefined ? '' : `/${name}`}`
}

export const engineOf = (apiVersion: string | undefined): Engine | undefined => engines.find(engine => resources[engine].group === apiVersion)

/** All policies of the cluster that are ours, by engine. */
export async function stored(call: Cluster['call']): Promise<Record<Engine, Value[]>> {
  const found: Record<Engine, Value[]> = { kubernetes: [], cilium: [], calico: [], clusterNetworkPolicy: [] }
  for (const engine of engines) {
    const { group, plural } = resources[engine]
    const { status, body } = await call('GET', `/apis/${group}/${plural}`)
    if (status !== 200) throw new Error(`listing ${plural} of ${group}: status ${status}`)
    found[engine] = list(at(body, 'items')).filter(item => text(at(item, 'metadata', 'annotations', 'helm-netpol/policy')) !== undefined)
  }
  return found
}
