import type { JsonObject } from '../yaml/tree.ts'
import type { Policy, Rule } from './contract.ts'

/** A policy whose lists take the user's rules at their end. */
export function policy(role: Policy['role'], rules: readonly Rule[], manifest: JsonObject): Policy {
  return { role, manifest, rules, insertAt: { ingress: '/spec/ingress/-', egress: '/spec/egress/-' } }
}

/** Engines whose objects have a namespace. */
export function ownNamespace({ namespace }: { namespace: string | undefined }): string | undefined {
  return namespace
}
