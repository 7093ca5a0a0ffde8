import type { Reach } from '../coverage/reach.ts'
import type { Diagnose } from '../diagnostics/collect.ts'
import type { Policy } from '../engines/contract.ts'
import type { EngineName } from '../engines/registry.ts'
import type { JsonObject } from '../yaml/tree.ts'
import type { Passthrough } from './merge.ts'

/** The way to the code that reads the user's own rules: a bundle of its own, loaded only where there are some. */

export async function checkPassthrough(engine: EngineName, own: Passthrough | undefined, diagnose: Diagnose): Promise<ReadonlySet<JsonObject>> {
  return own === undefined || isEmpty(own) ? new Set() : (await reader()).checkPassthrough(engine, own, diagnose)
}

export async function readEgress(engine: EngineName, own: Passthrough | undefined): Promise<Reach[]> {
  return own === undefined || own.egress.length === 0 ? [] : (await reader()).readEgress(engine, own)
}

export async function merge(policy: Policy, own: Passthrough | undefined): Promise<Policy> {
  return own === undefined || isEmpty(own) ? policy : (await reader()).merge(policy, own)
}

function isEmpty({ ingress, egress }: Passthrough): boolean {
  return ingress.length === 0 && egress.length === 0
}

async function reader(): Promise<typeof import('./index.ts')> {
  return import('./index.ts')
}
