import { sameNamespace } from '../discover/namespace.ts'
import type { Release } from '../discover/release.ts'
import type { Workload } from '../discover/workload.ts'
import { alwaysNeeded } from '../needs/always.ts'
import { homesIn } from '../needs/home.ts'
import type { Need } from '../needs/need.ts'
import { survey } from '../needs/survey.ts'
import type { Resource } from '../resources/resource.ts'
import type { Flow } from '../traffic/flow.ts'
import { planIngress } from '../traffic/ingress.ts'
import type { Plan } from '../traffic/plan.ts'
import { emptyMapping } from '../values/merge.ts'
import { networkPolicy } from '../values/schema.ts'
import type { Settings } from '../values/schema.ts'
import { at, itemsAt, textAt } from '../yaml/tree.ts'
import type { Subject } from './required/required.ts'
import { silent } from './read.ts'
import type { Input } from './read.ts'
import { withShared } from './shared-rows.ts'
import type { Cast } from './world/build.ts'

export interface SubjectOptions {
  readonly inputs: readonly Input[]
  /** Of each input, in the same order. */
  readonly resources: readonly (readonly Resource[])[]
  readonly release: Release
  readonly cast: Cast
  readonly namespace: string
  /** What the values ask for, where they enable our policies. */
  readonly ours: { readonly settings: Settings; readonly plan: Plan } | undefined
}

/** Every workload of the stream, or of the files where it has none, with what it needs: one that the values cover as they plan it, the others as the stream shows them. */
export async function subjectsOf({ inputs, resources, release, cast, namespace, ours }: SubjectOptions): Promise<Subject[]> {
  const settings = ours?.settings ?? defaults
  const covered = new Map(ours?.plan.allowlists.map(({ workload, ingress }) => [workload.title, ingress]))
  const homeOf = homesIn(release, namespace)
  const all = resources.flat()
  const groups = await Promise.all(
    inputs.map(async ({ name, bytes, segments }, index) => {
      const here = new Set(resources[index])
      const workloads = release.workloads.filter(({ resource }) => here.has(resource))
      const surveyed = await survey(bytes, segments, workloads, homeOf, release, silent, name)
      return workloads.flatMap((workload): Subject[] => {
        const end = cast.endOf(workload.resource)
        if (end === undefined) return []
        const inbound = withShared(covered.get(workload.title) ?? ingressOf(workload, release), workload, release)
        const { needs } = surveyed(workload)
        const controls = covered.has(workload.title) || usesApiserver(workload, all)
        const outbound = [
          ...alwaysNeeded(settings.egress, workload).map(need => ({ need, required: controls || (need.row !== 'apiserver' && dialsNames(needs)) })),
          ...needs.map(need => ({ need, required: true })),
        ]
        return [{ workload, end, namespace: workload.namespace ?? namespace, inbound, outbound, resolvers: ours?.settings.egress.dnsCIDRs ?? [] }]
      })
    }),
  )
  const [stream = [], ...files] = groups
  return stream.length > 0 ? stream : files.flat()
}

const defaults: Settings = { ...networkPolicy.absent, given: emptyMapping({ name: 'values', text: '', firstLine: 0 }) }

/** The rows of the table as the stream shows them; a default port may be nobody's. */
function ingressOf(workload: Workload, release: Release): readonly Flow[] {
  return planIngress(workload, release, { settings: defaults, usePeers: false, several: true, diagnose: silent })
}

/** Something may be done with its ServiceAccount. */
function usesApiserver({ resource, namespace }: Workload, resources: readonly Resource[]): boolean {
  const spec = at(resource.tree, 'spec', 'template', 'spec')
  const account = textAt(spec, 'serviceAccountName') || textAt(spec, 'serviceAccount') || 'default'
  const bindings = resources.filter(({ kind }) => kind === 'RoleBinding' || kind === 'ClusterRoleBinding')
  return bindings
    .flatMap(({ tree }) => itemsAt(tree, 'subjects'))
    .some(
      subject =>
        textAt(subject, 'kind') === 'ServiceAccount' &&
        textAt(subject, 'name') === account &&
        sameNamespace({ namespace: textAt(subject, 'namespace') || undefined }, { namespace }),
    )
}

/** It looks up a name that the stream shows. */
function dialsNames(needs: readonly Need[]): boolean {
  return needs.some(({ host, guess }) => !guess && ['service', 'outside', 'either'].includes(host.kind))
}
