import type { Implementation } from './contract.ts'
import { calico } from './implementations/calico.ts'
import { cilium } from './implementations/cilium.ts'
import { generic } from './implementations/generic.ts'

/** Every implementation. The keys are the values of `--engine-impl`, the help text and the test matrix. */
export const implementations = { generic, cilium, calico } as const satisfies Record<string, Implementation>

export type ImplementationName = keyof typeof implementations

export const implementationNames = Object.keys(implementations).filter(isImplementation)

export function isImplementation(name: string): name is ImplementationName {
  return Object.hasOwn(implementations, name)
}
