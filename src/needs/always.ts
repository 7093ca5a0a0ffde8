import type { FlowPort } from '../traffic/flow.ts'
import type { Settings } from '../values/schema.ts'
import type { Need } from './need.ts'

/** What every controller needs: name resolution and the kube-apiserver. */
export function alwaysNeeded({ dnsNamespace, apiserver }: Settings['egress']): Need[] {
  return [
    {
      ...always,
      row: 'dns',
      party: 'cluster DNS',
      reason: 'names are resolved, without which every flow to a name fails',
      host: { kind: 'dns', namespace: dnsNamespace },
      ports: dnsPorts,
      text: `DNS in ${dnsNamespace}`,
    },
    {
      ...always,
      row: 'apiserver',
      party: 'kube-apiserver',
      reason: 'everything is read and written through it',
      host: { kind: 'apiserver' },
      ports: apiserver.ports.map(number => ({ name: undefined, number, endPort: undefined, protocol: 'TCP' })),
      text: 'the kube-apiserver',
    },
  ]
}

const always = { dialled: undefined, anyPort: true, guess: false, found: [] }

/** The pods of some distributions (OpenShift) listen on 5353 behind their Service's 53. */
const dnsPorts: readonly FlowPort[] = [53, 5353].flatMap(number =>
  (['UDP', 'TCP'] as const).map(protocol => ({ name: undefined, number, endPort: undefined, protocol })),
)
