import type { Diagnose } from '../diagnostics/collect.ts'
import type { Workload } from '../discover/workload.ts'
import { policyKinds, workloadKinds } from '../resources/kinds.ts'
import { readSegments } from '../resources/read.ts'
import { isHook, title } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { peek } from '../stream/peek.ts'
import { split } from '../stream/split.ts'
import type { Segment } from '../stream/split.ts'
import { at } from '../yaml/tree.ts'

/**
 * The rendered object that a patch turns into a List of itself and the policies: the controller's own workload, else another
 * workload, else any other object. It must have nothing beside what the patch moves, and be the only one that the patch's target
 * matches. A diagnostic where no object is fit.
 */
export async function chooseCarrier(stream: Buffer, controllers: readonly Workload[], diagnose: Diagnose): Promise<Resource | undefined> {
  const segments = split(stream)
  // A chart's definitions can be large, and are read only where no workload is fit.
  const workloads = (await readObjects(stream, segments, kind => isWorkload(kind) || kind.endsWith('List'))).filter(({ kind }) => isWorkload(kind))
  const carrier = best(workloads, controllers) ?? best(await readObjects(stream, segments, kind => kind !== 'Secret'), controllers)
  if (carrier === undefined) {
    const reasons = workloads.map(resource => `${title(resource)} ${unfitness(resource, workloads) ?? ''}`)
    diagnose('NP703', { reasons })
  }
  return carrier
}

/** Objects of wanted kinds, and those whose kind only a parse can tell. What cannot be read is no carrier; where it matters it has been told already. */
function readObjects(stream: Buffer, segments: readonly Segment[], wanted: (kind: string) => boolean): Promise<Resource[]> {
  const read = segments.filter(segment => {
    const seen = peek(stream, segment)
    return seen.is === 'unsure' || (seen.is === 'kind' && wanted(seen.kind))
  })
  return readSegments(stream, read, () => {})
}

/** The first of the best rank that is fit. */
function best(all: readonly Resource[], controllers: readonly Workload[]): Resource | undefined {
  const ranked = all.filter(resource => unfitness(resource, all) === undefined).map(resource => ({ resource, rank: rank(resource, controllers) }))
  return ranked.sort((one, other) => one.rank - other.rank)[0]?.resource
}

function isWorkload(kind: string): boolean {
  return workloadKinds.some(name => name === kind)
}

function rank(resource: Resource, controllers: readonly Workload[]): number {
  if (controllers.some(({ kind, name, namespace }) => kind === resource.kind && name === resource.name && namespace === resource.namespace)) return 0
  return isWorkload(resource.kind) ? 1 : 2
}

/** Why an object cannot carry the policies, in words after its title; undefined where it can. */
function unfitness(resource: Resource, all: readonly Resource[]): string | undefined {
  const keys = resource.tree.kind === 'mapping' ? [...resource.tree.entries.keys()] : []
  const more = keys.filter(key => !moved.includes(key))
  if (more.length > 0) return `has ${more.join(', ')} beside its spec`
  if (!moved.every(key => keys.includes(key)) || at(resource.tree, 'spec')?.kind !== 'mapping') return 'has no spec'
  // Helm hands hooks over apart, or not at all; CRDs of a chart's folder are never post-rendered.
  if (isHook(resource)) return 'is a hook'
  if (resource.kind === 'Secret') return 'is a Secret'
  if (resource.kind === 'CustomResourceDefinition') return 'is a CustomResourceDefinition'
  if (policyKinds.includes(resource.kind)) return 'is a policy'
  if (resource.annotations['config.kubernetes.io/local-config'] !== undefined) return 'is left out by kustomize (config.kubernetes.io/local-config)'
  if (!plainName.test(resource.name)) return 'has no name that a patch can aim at'
  return all.filter(other => matches(resource, other)).length === 1 ? undefined : 'is not the only object that a patch for it matches'
}

const moved = ['apiVersion', 'kind', 'metadata', 'spec']
const plainName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/

/** As kustomize matches the target of a patch: a name is a regular expression, so that its dots match anything. */
function matches(target: Resource, other: Resource): boolean {
  const sameNamespace = target.namespace === undefined || other.namespace === undefined || target.namespace === other.namespace
  return target.kind === other.kind && target.apiVersion === other.apiVersion && sameNamespace && new RegExp(`^${target.name}$`).test(other.name)
}
