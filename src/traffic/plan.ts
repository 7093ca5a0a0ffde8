import type { Diagnose } from '../diagnostics/collect.ts'
import type { Release } from '../discover/release.ts'
import type { Labels, LabelSelector } from '../discover/selector.ts'
import type { Workload } from '../discover/workload.ts'
import { templateAnnotation } from '../resources/resource.ts'
import type { Settings } from '../values/schema.ts'
import { planEgress } from './egress.ts'
import type { Flow } from './flow.ts'
import { planIngress } from './ingress.ts'
import { Names } from './names.ts'
import { tellUntaken } from './untaken.ts'

/** What one workload's policy permits, in nobody's dialect. */
export interface Allowlist extends Subject {
  readonly workload: Workload
  readonly selector: LabelSelector
  readonly ingress: readonly Flow[]
  /** Undefined: egress is not locked. */
  readonly egress: readonly Flow[] | undefined
}

/** The policy that covers every pod of a namespace. */
export interface DefaultDeny extends Subject {
  readonly egress: boolean
}

/** Whose policy it is, and what it is called. */
export interface Subject {
  /** metadata.name */
  readonly name: string
  /** What our annotation says after the role: the workload it is for, or the first one a default deny goes with. */
  readonly owner: string
  /** Undefined where Helm fills it in; always known for a cluster-scoped engine. */
  readonly namespace: string | undefined
  readonly labels: Labels
  readonly annotations: Labels
}

export interface Plan {
  readonly allowlists: readonly Allowlist[]
  /** One for each namespace that is covered; none unless asked for. */
  readonly defaultDenies: readonly DefaultDeny[]
}

export interface PlanOptions {
  readonly settings: Settings
  /** The engine takes NetworkPolicyPeers, or they are to be translated for it. */
  readonly usePeers: boolean
  /** More than one workload is covered, so that none is the controller in particular. */
  readonly several: boolean
  /** Objects of the engine have no namespace: names and subjects carry it. */
  readonly clusterScoped: boolean
  /** The namespace of documents that leave it to Helm, where it is known. */
  readonly releaseNamespace: string | undefined
  /** Outbound flows that are derived from the stream. */
  readonly derived: (workload: Workload) => readonly Flow[]
  readonly diagnose: Diagnose
}

/** The traffic table × the facts of the stream × the values. Knows no engine. */
export function planTraffic(controllers: readonly Workload[], release: Release, options: PlanOptions): Plan {
  const owners = ownerNames(release.workloads)
  const names = new Names()
  const subject = (workload: Workload, ...role: readonly string[]): Subject => {
    const owner = owners.get(workload) ?? workload.name
    const namespace = options.clusterScoped ? (workload.namespace ?? options.releaseNamespace) : workload.namespace
    const parts = [owner, ...role, ...(options.clusterScoped && namespace !== undefined ? [namespace] : [])]
    return {
      name: names.give(options.clusterScoped ? undefined : namespace, parts),
      owner,
      namespace,
      labels: workload.labels,
      annotations: helmFile(workload),
    }
  }
  const allowlists = controllers.flatMap(workload => {
    if (workload.selector === undefined) return []
    const egress = planEgress(options.settings, options.derived(workload), options.usePeers)
    return [{ ...subject(workload), workload, selector: workload.selector, ingress: planIngress(workload, release, options), egress }]
  })
  if (options.several) {
    const ingress = allowlists.flatMap(allowlist => allowlist.ingress)
    tellUntaken(ingress, allowlists.length, options.settings, options.diagnose)
  }
  const denied = options.settings.defaultDeny.enabled ? firstOfNamespaces(allowlists, options.settings.namespace) : []
  return { allowlists, defaultDenies: denied.map(({ workload }) => ({ ...subject(workload, 'default-deny'), egress: options.settings.egress.enabled })) }
}

/** A default deny is named after the first covered workload of its namespace; `release` is that of documents that leave it to Helm. */
function firstOfNamespaces(allowlists: readonly Allowlist[], release: string): readonly Allowlist[] {
  const firsts = new Map<string, Allowlist>()
  for (const allowlist of allowlists) {
    const namespace = allowlist.namespace ?? release
    if (!firsts.has(namespace)) firsts.set(namespace, allowlist)
  }
  return [...firsts.values()]
}

/** A workload's name, and its kind too where another kind of the release has the same name before it. */
export function ownerNames(workloads: readonly Workload[]): ReadonlyMap<Workload, string> {
  const seen = new Set<string>()
  return new Map(
    workloads.map(workload => {
      const key = JSON.stringify([workload.namespace, workload.name])
      const name = seen.has(key) ? `${workload.name}-${workload.kind.toLowerCase()}` : workload.name
      seen.add(key)
      return [workload, name]
    }),
  )
}

/** Ours go into a file beside the workload's, where Helm tells files apart. */
function helmFile({ annotations }: Workload): Labels {
  const file = annotations[templateAnnotation]
  return file === undefined ? {} : { [templateAnnotation]: `${file.slice(0, file.lastIndexOf('/') + 1)}helm-netpol.yaml` }
}
