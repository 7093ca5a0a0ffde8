import type { Diagnose } from '../diagnostics/collect.ts'
import { noConfigMaps, readConfigMaps } from '../discover/config-maps.ts'
import type { ConfigMaps } from '../discover/config-maps.ts'
import { mayMatter, readSegments } from '../resources/read.ts'
import type { Resource } from '../resources/resource.ts'
import { peek } from '../stream/peek.ts'
import type { Segment } from '../stream/split.ts'
import { isPolicyKind } from './policies.ts'

/** A rendered stream, or a file of objects. */
export interface Input {
  /** What a user calls it: `stdin`, or the path. */
  readonly name: string
  readonly bytes: Buffer
  /** Those that count. */
  readonly segments: readonly Segment[]
}

/** The objects of an input that say who is there, and its policies of whatever dialect. What cannot be read and may matter is told. */
export async function readObjects({ name, bytes, segments }: Input, diagnose: Diagnose): Promise<Resource[]> {
  const wanted = segments.filter(segment => mayMatter(bytes, segment) || isFurther(bytes, segment))
  return readSegments(bytes, wanted, diagnose, name)
}

/** Kinds that the filter need not read: who is there, and what belongs to policies (the engines' own names of them). */
const furtherKinds: ReadonlySet<string> = new Set([
  'Namespace',
  'ServiceAccount',
  'Node',
  'Endpoints',
  'EndpointSlice',
  'ClusterRoleBinding',
  'NetworkSet',
  'GlobalNetworkSet',
  'Profile',
  'CiliumCIDRGroup',
])

function isFurther(bytes: Buffer, segment: Segment): boolean {
  const seen = peek(bytes, segment)
  if (seen.is === 'empty') return false
  if (seen.is === 'kind' && !seen.kind.endsWith('List')) return furtherKinds.has(seen.kind) || isPolicyKind(seen.kind)
  return anyFurther.test(bytes.toString('latin1', segment.start, segment.end))
}

const anyFurther = new RegExp(`\\b(${[...furtherKinds].join('|')}|Tier|EgressFirewall|\\w*NetworkPolicy)\\b`)

/** The ConfigMaps of all inputs that containers take variables from. */
export async function configMapsOf(inputs: readonly Input[], resources: readonly Resource[], namespace: string): Promise<ConfigMaps> {
  const all = await Promise.all(inputs.map(({ bytes, segments }) => readConfigMaps(bytes, segments, resources, silent, namespace)))
  const read = all.filter(configMaps => configMaps !== noConfigMaps)
  return (name, where) => read.map(configMaps => configMaps(name, where)).find(data => data !== undefined)
}

/** For what was told before. */
export function silent(): void {}
