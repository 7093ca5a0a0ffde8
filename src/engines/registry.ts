import { calico } from './calico.ts'
import { cilium } from './cilium.ts'
import { clusterNetworkPolicy } from './cluster-network-policy.ts'
import type { Engine } from './contract.ts'
import { kubernetes } from './kubernetes.ts'

/** Every engine. The keys are the values of `networkPolicy.engine`, the help text and the test matrix. */
export const engines = { kubernetes, cilium, calico, clusterNetworkPolicy } as const satisfies Record<string, Engine>

export type EngineName = keyof typeof engines
