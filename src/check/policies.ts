import { title } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { implementationNames, implementations, isImplementation } from '../verdict/registry.ts'
import type { ImplementationName } from '../verdict/registry.ts'

/** Policies, by whether the implementation enforces them. */
export interface Sorted {
  /** What belongs to policies (tiers, sets of addresses) among them. */
  readonly enforced: readonly Resource[]
  readonly others: readonly Unread[]
}

/** A policy that takes no part, and why. */
export interface Unread {
  readonly policy: Resource
  readonly why: string
}

export function sortPolicies(resources: readonly Resource[], name: ImplementationName): Sorted {
  const { enforces } = implementations[name]
  const others = resources.filter(resource => isPolicyKind(resource.kind) && !enforces(resource))
  return { enforced: resources.filter(enforces), others: others.map(policy => ({ policy, why: whyNot(policy, name) })) }
}

/** Kinds that networks call their policies by; those that are not known here too, so that they are told. */
export function isPolicyKind(kind: string): boolean {
  return /NetworkPolicy$/.test(kind) || kind === 'Tier' || kind === 'EgressFirewall'
}

function whyNot(policy: Resource, name: ImplementationName): string {
  const by = implementationNames.filter(other => implementations[other].enforces(policy))
  if (by.length > 0) return `${by.join(' and ')} would enforce it, and ${name} is asked`
  const group = movedGroups.get(groupOf(policy)) ?? groupOf(policy)
  const enforced = (apiVersion: string): boolean => implementationNames.some(other => implementations[other].enforces({ ...policy, apiVersion }))
  const known = versions.map(version => `${group}/${version}`).filter(enforced)
  return known.length > 0 ? `its version is not known, only ${known.join(', ')}` : 'nothing is known here of its kind'
}

/** Kubernetes moved NetworkPolicy, and dropped the old group in 1.16. */
const movedGroups: ReadonlyMap<string, string> = new Map([['extensions', 'networking.k8s.io']])

/** Those in which any network has policies. */
const versions = ['v1', 'v1alpha2', 'v2', 'v3'] as const

/** Who enforces the policies: as asked, as the engine of the values, as the policies' own words say, or nobody in particular. */
export function chooseImplementation(policies: readonly Resource[], asked: ImplementationName | undefined, engine: string | undefined): Choice {
  if (asked !== undefined) return { name: asked }
  if (engine !== undefined && isImplementation(engine)) return { name: engine }
  const owned = new Map(policies.filter(({ kind }) => isPolicyKind(kind)).flatMap(policy => ownerOf(policy).map(owner => [owner, policy])))
  const [first, second] = [...owned]
  if (first !== undefined && second !== undefined) return { several: [first, second].map(([owner, policy]) => `${title(policy)} of ${owner}`) }
  return { name: first !== undefined && isImplementation(first[0]) ? first[0] : 'generic' }
}

/** `several`: policies that no one network enforces together. */
export type Choice = { readonly name: ImplementationName } | { readonly several: readonly string[] }

/** In whose words a policy is written; none: in those of Kubernetes, or of a network that is not known here. */
function ownerOf(policy: Resource): ('cilium' | 'calico')[] {
  const group = groupOf(policy)
  if (group === 'cilium.io') return ['cilium']
  return group === 'projectcalico.org' || group === 'crd.projectcalico.org' ? ['calico'] : []
}

export function groupOf({ apiVersion }: Resource): string {
  return apiVersion.slice(0, Math.max(apiVersion.indexOf('/'), 0))
}
