import type { Workload } from '../discover/workload.ts'
import { onPort } from '../traffic/flow.ts'
import type { Settings } from '../values/schema.ts'
import type { Need } from './need.ts'
import { resolversOf } from './resolvers.ts'

/** What every controller needs: name resolution and the kube-apiserver. */
export function alwaysNeeded({ dnsNamespace, apiserver }: Settings['egress'], workload: Workload): Need[] {
  return [
    ...resolversOf(workload, dnsNamespace),
    {
      row: 'apiserver',
      party: 'kube-apiserver',
      reason: 'everything is read and written through it',
      host: { kind: 'apiserver' },
      ports: apiserver.ports.map(number => onPort(number)),
      dialled: undefined,
      anyPort: true,
      guess: false,
      text: 'the kube-apiserver',
      found: [],
    },
  ]
}
