import type { Diagnose } from '../diagnostics/collect.ts'
import type { Release } from '../discover/release.ts'
import { sameNamespace } from '../discover/namespace.ts'
import { otherPods } from '../discover/other-pods.ts'
import { selects } from '../discover/selector.ts'
import type { Labels, LabelSelector } from '../discover/selector.ts'
import type { Workload } from '../discover/workload.ts'
import type { Engine } from '../engines/contract.ts'
import { contains, parseCidr } from '../net/cidr.ts'
import type { Settings } from '../values/schema.ts'
import type { Place } from '../yaml/tree.ts'
import type { Allowlist, DefaultDeny, Plan } from './plan.ts'

/** Tells which flows the policies cut that someone needs. `others`: policies that stay in the stream beside ours. */
export function tellCuts(plan: Plan, others: readonly Covering[], release: Release, needs: EgressNeeds): void {
  for (const deny of plan.defaultDenies) tellUncovered(deny, [...plan.allowlists, ...others], release, needs.diagnose)
  if (!needs.engine.addsUp) tellShadowed(plan.allowlists, needs.diagnose)
  if (needs.settings.egress.enabled && needs.engine.takesPeers)
    for (const { path, cidr, place } of everywhereBlocks(needs)) needs.diagnose('NP406', { path, cidr }, place)
}

/** A policy that allows something to the pods it selects. */
export interface Covering {
  readonly namespace: string | undefined
  readonly selector: LabelSelector
}

interface EgressNeeds {
  readonly settings: Settings
  readonly engine: Engine
  readonly usePeers: boolean
  readonly diagnose: Diagnose
}

/** Pods of the release that a default deny covers and no allowlist selects, hook Jobs included. */
function tellUncovered(deny: DefaultDeny, allowing: readonly Covering[], release: Release, diagnose: Diagnose): void {
  const covered = (labels: Labels): boolean => allowing.some(({ namespace, selector }) => sameNamespace({ namespace }, deny) && selects(selector, labels))
  const namespace = deny.namespace === undefined ? 'the release namespace' : `namespace ${deny.namespace}`
  for (const pods of podsOf(release)) {
    if (pods.hostNetwork || !sameNamespace(pods, deny) || covered(pods.labels)) continue
    const what = cutOff(pods, deny)
    if (what !== undefined) diagnose('NP404', { pod: pods.title, namespace, what }, pods.place)
  }
}

interface Pods {
  readonly title: string
  readonly namespace: string | undefined
  readonly labels: Labels
  /** Something calls them: a Service, a probe, a declared port. */
  readonly called: boolean
  readonly hook: boolean
  /** No policy reaches them. */
  readonly hostNetwork: boolean
  readonly place: Place
}

function podsOf(release: Release): Pods[] {
  return [...release.workloads.map(workload => workloadPods(workload, release)), ...otherPods(release.resources).map(pods => ({ ...pods, called: false }))]
}

function workloadPods(workload: Workload, { servicesOf }: Release): Pods {
  const { title, namespace, podLabels, hostNetwork, place } = workload
  const called = workload.ports.length > 0 || servicesOf(workload).length > 0
  return { title, namespace, labels: podLabels, called, hook: false, hostNetwork, place }
}

function cutOff({ called, hook }: Pods, { egress }: DefaultDeny): string | undefined {
  if (egress)
    return `${called ? 'it can neither be reached nor reach' : 'it cannot reach'} anything, DNS and the kube-apiserver included${hook ? ', so the hook fails' : ''}`
  return called ? 'nothing can reach it' : undefined
}

/** Where the first match decides, pods that two allowlists select get the end of whichever comes first. */
function tellShadowed(allowlists: readonly Allowlist[], diagnose: Diagnose): void {
  for (const { workload, selector, namespace } of allowlists) {
    for (const other of allowlists) {
      if (other.workload === workload || !sameNamespace({ namespace }, other) || !selects(selector, other.workload.podLabels)) continue
      diagnose('NP505', { workload: workload.title, other: other.workload.title }, workload.place)
    }
  }
}

const everywhere = ['0.0.0.0/0', '::/0'].flatMap(block => parseCidr(block) ?? [])

function everywhereBlocks({ settings, usePeers }: EgressNeeds): { path: string; cidr: string; place?: Place }[] {
  const ofRules = usePeers
    ? settings.egress.to.flatMap(({ value, path, place }) =>
        value.to.flatMap(({ ipBlock }) => (ipBlock === undefined ? [] : [{ path, place, cidr: ipBlock.cidr }])),
      )
    : []
  const ofApiserver = settings.egress.apiserver.cidrs.map(cidr => ({ path: 'networkPolicy.egress.apiserver.cidrs', cidr }))
  return [...ofRules, ...ofApiserver].filter(({ cidr }) => {
    const parsed = parseCidr(cidr)
    return parsed !== undefined && everywhere.some(block => contains(parsed, block))
  })
}
