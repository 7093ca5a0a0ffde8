import type { Policy } from '../engines/contract.ts'
import type { Resource } from '../resources/resource.ts'
import type { Direction } from '../verdict/contract.ts'
import { engineSettings } from '../values/schema.ts'
import type { Settings } from '../values/schema.ts'
import { itemsOf, objectAt } from '../yaml/json.ts'
import { at, placeOf } from '../yaml/tree.ts'
import type { Place } from '../yaml/tree.ts'

/** What of the values brought a policy of ours, or a rule of it, about. */
export interface Origin {
  readonly values?: Place
  readonly because?: string
  /** It denies what nothing allows. */
  readonly locks?: true
}

/** The policies that were rendered, as they are read again, and what they were made of. */
export interface Ours {
  readonly resources: readonly Resource[]
  readonly policies: readonly Policy[]
  readonly settings: Settings
  /** Key of our block in the values. */
  readonly root: string
}

/** Undefined for a policy that is not ours. */
export function originOfRule(ours: Ours | undefined, resource: Resource, path: string): Origin | undefined {
  const policy = policyOf(ours, resource)
  if (ours === undefined || policy === undefined) return undefined
  const [, direction, index] = /^spec\.(ingress|egress)\w*\[(\d+)\]/.exec(path) ?? []
  const json = direction === undefined ? undefined : itemsOf(objectAt(policy.manifest, 'spec')[direction])[Number(index)]
  const rule = policy.rules.find(candidate => candidate.rule === json)
  const side = direction === 'egress' ? 'egress' : 'ingress'
  if (rule === undefined) return originOfLock(ours, resource, side)
  const own = engineSettings(ours.settings, ours.settings.engine)
  const given = [...(own?.ingress ?? []), ...(own?.egress ?? [])].find(located => located.json === json)
  const { flow } = rule
  // What denies all else is there for the lock.
  if (flow === undefined && given === undefined) return originOfLock(ours, resource, side)
  const place = given?.place ?? flow?.place ?? (flow?.peers.kind === 'listed' ? flow.peers.peers[0]?.place : undefined) ?? placeIn(ours, flow?.where[0])
  return { ...(place === undefined || place.source === '' ? {} : { values: place }), because: flow?.where[0] ?? rule.reason }
}

/** The switch that locks the pods of a policy of ours; undefined for a policy that is not ours. */
export function originOfLock(ours: Ours | undefined, resource: Resource, direction: Direction): Origin | undefined {
  const policy = policyOf(ours, resource)
  if (ours === undefined || policy === undefined) return undefined
  const key = policy.role === 'default-deny' ? 'defaultDeny.enabled' : direction === 'egress' ? 'egress.enabled' : 'enabled'
  const place = placeIn(ours, `networkPolicy.${key}`)
  return { ...(place === undefined ? {} : { values: place }), because: `${ours.root}.${key}`, locks: true }
}

function policyOf(ours: Ours | undefined, resource: Resource): Policy | undefined {
  return ours === undefined ? undefined : policiesOf(ours.resources, ours.policies).get(resource)
}

const known = new WeakMap<readonly Resource[], ReadonlyMap<Resource, Policy>>()

/** They are in the same order. */
function policiesOf(resources: readonly Resource[], policies: readonly Policy[]): ReadonlyMap<Resource, Policy> {
  const made = known.get(resources) ?? new Map(resources.flatMap((resource, index) => policies.slice(index, index + 1).map(policy => [resource, policy])))
  known.set(resources, made)
  return made
}

/** Where the values have a key, where they have it: a default stands nowhere. */
function placeIn({ settings, root }: Ours, key: string | undefined): Place | undefined {
  if (key?.startsWith('networkPolicy.') !== true) return undefined
  const path = key.slice('networkPolicy.'.length).replace(/\[.*$/, '')
  const tree = at(settings.given, ...path.split('.'))
  return tree === undefined ? undefined : placeOf(tree, `${root}.${path}`)
}
