import type { Diagnose } from '../diagnostics/collect.ts'
import type { Release } from '../discover/release.ts'
import type { Labels, LabelSelector } from '../discover/selector.ts'
import type { Workload } from '../discover/workload.ts'
import type { Settings } from '../values/schema.ts'
import { planEgress } from './egress.ts'
import type { Flow } from './flow.ts'
import { planIngress } from './ingress.ts'
import { policyName } from './names.ts'

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
  /** Every workload is covered, so none is the controller in particular. */
  readonly several: boolean
  /** Objects of the engine have no namespace: names and subjects carry it. */
  readonly clusterScoped: boolean
  /** The namespace of documents that leave it to Helm, where it is known. */
  readonly releaseNamespace: string | undefined
  readonly diagnose: Diagnose
}

/** The traffic table × the facts of the stream × the values. Knows no engine. */
export function planTraffic(controllers: readonly Workload[], release: Release, options: PlanOptions): Plan {
  const egress = planEgress(options.settings, options)
  const allowlists = controllers.flatMap(workload => {
    if (workload.selector === undefined) return []
    const ingress = planIngress(workload, release, options)
    return [{ ...subject(workload, controllers, 'allowlist', options), workload, selector: workload.selector, ingress, egress }]
  })
  return { allowlists, defaultDenies: options.settings.defaultDeny.enabled ? denies(allowlists, options) : [] }
}

/** One for each namespace, named after its first covered workload. */
function denies(allowlists: readonly Allowlist[], options: PlanOptions): DefaultDeny[] {
  const first = allowlists.filter(({ namespace }, index) => allowlists.findIndex(other => other.namespace === namespace) === index)
  return first.map(({ workload, egress }) => ({
    ...subject(workload, allowlists.map(allowlist => allowlist.workload), 'default-deny', options),
    egress: egress !== undefined,
  }))
}

function subject(workload: Workload, all: readonly Workload[], role: 'allowlist' | 'default-deny', { clusterScoped, releaseNamespace }: PlanOptions): Subject {
  const owner = ownerName(workload, all)
  const namespace = clusterScoped ? (workload.namespace ?? releaseNamespace) : workload.namespace
  const parts = [owner, ...(role === 'default-deny' ? [role] : []), ...(clusterScoped && namespace !== undefined ? [namespace] : [])]
  return { name: policyName(...parts), owner, namespace, labels: workload.labels, annotations: helmFile(workload) }
}

/** Its name, and its kind too where another kind of the release has the same name. */
function ownerName(workload: Workload, all: readonly Workload[]): string {
  const twins = all.filter(({ name, namespace }) => name === workload.name && namespace === workload.namespace)
  return twins[0] === workload || twins.length < 2 ? workload.name : `${workload.name}-${workload.kind.toLowerCase()}`
}

/** Helm 4 marks each document with the template it came from, and sorts them back into files by it. */
const fileAnnotation = 'postrenderer.helm.sh/postrender-filename'

function helmFile({ annotations }: Workload): Labels {
  const file = annotations[fileAnnotation]
  return file === undefined ? {} : { [fileAnnotation]: `${file.slice(0, file.lastIndexOf('/') + 1)}helm-netpol.yaml` }
}
