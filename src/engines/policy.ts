import type { JsonObject } from '../yaml/tree.ts'
import type { Policy, Rule } from './contract.ts'

/** A policy whose lists take the user's rules at their end. */
export function policy(role: Policy['role'], rules: readonly Rule[], manifest: JsonObject): Policy {
  return { role, manifest, comment: undefined, rules, insertAt: { ingress: '/spec/ingress/-', egress: '/spec/egress/-' } }
}

/** A policy of no rules that covers every pod of the namespace. */
export function defaultDeny(comment: string, manifest: JsonObject): Policy {
  return { ...policy('default-deny', [], manifest), comment }
}

/** Engines whose objects have a namespace. */
export function ownNamespace({ namespace }: { namespace: string | undefined }): string | undefined {
  return namespace
}
