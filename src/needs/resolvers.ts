import type { Workload } from '../discover/workload.ts'
import { blockOf } from '../net/cidr.ts'
import { placeIn } from '../resources/resource.ts'
import { onPort } from '../traffic/flow.ts'
import type { FlowPort } from '../traffic/flow.ts'
import { at, itemsAt, textAt } from '../yaml/tree.ts'
import type { Need } from './need.ts'

/** Whom the pods ask for addresses: the cluster's DNS, unless dnsPolicy says otherwise (core/v1 PodSpec). */
export function resolversOf({ resource }: Workload, dnsNamespace: string): Need[] {
  const pod = at(resource.tree, 'spec', 'template', 'spec')
  const policy = textAt(pod, 'dnsPolicy')
  if (policy === 'Default') return [ofTheNode([{ where: 'dnsPolicy: Default', place: placeIn(resource, at(pod, 'dnsPolicy')) }])]
  if (policy !== 'None') return [ofTheCluster(dnsNamespace)]
  return itemsAt(pod, 'dnsConfig', 'nameservers').flatMap(server => {
    const address = textAt(server)
    return address === undefined ? [] : atAddress(address, [{ where: `dnsConfig.nameservers: ${address}`, place: placeIn(resource, server) }])
  })
}

function ofTheCluster(namespace: string): Need {
  return {
    ...need,
    row: 'dns',
    party: 'cluster DNS',
    host: { kind: 'dns', namespace },
    ports: namespace === 'openshift-dns' ? onPorts(5353) : onPorts(53, 5353),
    text: `DNS in ${namespace}`,
    found: [],
  }
}

function ofTheNode(found: Need['found']): Need {
  return { ...need, row: 'resolvers', party: "the node's DNS", host: { kind: 'unknown' }, ports: onPorts(53), text: 'the resolvers of its node', found }
}

function atAddress(text: string, found: Need['found']): Need[] {
  const cidr = blockOf(text)
  if (cidr === undefined) return []
  return [
    {
      ...need,
      row: 'resolvers',
      party: 'DNS resolver',
      host: { kind: 'address', cidr },
      ports: onPorts(53),
      text: text.includes(':') ? `[${text}]:53` : `${text}:53`,
      found,
    },
  ]
}

const need = { reason: 'names are resolved, without which every flow to a name fails', dialled: undefined, anyPort: true, mainly: 'UDP', guess: false } as const

/** The pods of some distributions (OpenShift) listen on 5353 behind their Service's 53. */
function onPorts(...numbers: readonly number[]): FlowPort[] {
  return numbers.flatMap(number => (['UDP', 'TCP'] as const).map(protocol => onPort(number, protocol)))
}
