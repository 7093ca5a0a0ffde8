import type { Diagnose } from '../diagnostics/collect.ts'
import { noConfigMaps, readConfigMaps } from '../discover/config-maps.ts'
import type { ConfigMaps } from '../discover/config-maps.ts'
import { matters } from '../resources/kinds.ts'
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
  /** It was named for the objects in it. */
  readonly isFile?: true
}

/** The objects of an input that say who is there, and its policies of whatever dialect. What cannot be read and may matter is told. */
export async function readObjects({ name, bytes, segments }: Input, diagnose: Diagnose): Promise<Resource[]> {
  const wanted = segments.filter(segment => isWanted(bytes, segment))
  return readSegments(bytes, wanted, diagnose, name, true)
}

/** Whether a document may say something here. */
export function isWanted(bytes: Buffer, segment: Segment): boolean {
  return mayMatter(bytes, segment) || isFurther(bytes, segment)
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
  if (seen.is === 'kind' && !seen.kind.endsWith('List')) return isFurtherKind(seen.kind)
  const text = bytes.toString('latin1', segment.start, segment.end)
  return anyFurther.test(text) || listsOfRead(text)
}

function isFurtherKind(kind: string): boolean {
  return furtherKinds.has(kind) || isPolicyKind(kind)
}

const anyFurther = new RegExp(`\\b(${[...furtherKinds].join('|')}|Tier|EgressFirewall|\\w*NetworkPolicy)\\b`)

/** Whether a List is named whose items are read: `NetworkPolicyList`, as the API server answers, where no item says its kind. */
function listsOfRead(text: string): boolean {
  for (const [, kind = ''] of text.matchAll(/\b([A-Z]\w*)List\b/g)) if (isRead(kind)) return true
  return false
}

/** Whether objects of the kind say something here. */
export function isRead(kind: string): boolean {
  return isFurtherKind(kind) || matters(kind, () => Buffer.alloc(0))
}

/** The ConfigMaps of all inputs that containers take variables from. */
export async function configMapsOf(inputs: readonly Input[], resources: readonly Resource[], namespace: string): Promise<ConfigMaps> {
  const all = await Promise.all(inputs.map(({ bytes, segments }) => readConfigMaps(bytes, segments, resources, silent, namespace)))
  const read = all.filter(configMaps => configMaps !== noConfigMaps)
  return (name, where) => read.map(configMaps => configMaps(name, where)).find(data => data !== undefined)
}

/** For what was told before. */
export function silent(): void {}
