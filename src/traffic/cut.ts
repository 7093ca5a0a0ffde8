import type { Diagnose } from '../diagnostics/collect.ts'
import type { Release } from '../discover/release.ts'
import { sameNamespace } from '../discover/namespace.ts'
import { LabelIndex, NamespacedIndex } from '../discover/namespaced.ts'
import type { Namespaced } from '../discover/namespaced.ts'
import { otherPods } from '../discover/other-pods.ts'
import { selects } from '../discover/selector.ts'
import type { Labels, LabelSelector } from '../discover/selector.ts'
import type { Workload } from '../discover/workload.ts'
import type { Engine } from '../engines/contract.ts'
import { contains, parseCidr } from '../net/cidr.ts'
import type { Settings } from '../values/schema.ts'
import type { Place } from '../yaml/tree.ts'
import type { Allowlist, DefaultDeny, Plan } from './plan.ts'
import { bySelector, otherTitles } from './selected.ts'

/** Tells which flows the policies cut that someone needs. `others`: policies that stay in the stream beside ours. */
export function tellCuts(plan: Plan, others: readonly Covering[], release: Release, needs: EgressNeeds): void {
  if (plan.defaultDenies.length > 0) tellUncovered(plan.defaultDenies, [...plan.allowlists, ...others], release, needs.diagnose)
  if (!needs.engine.addsUp) tellShadowed(plan.allowlists, release, needs.diagnose)
  if (needs.settings.egress.enabled && needs.usePeers) tellUnbounded(needs)
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
function tellUncovered(denies: readonly DefaultDeny[], allowing: readonly Covering[], release: Release, diagnose: Diagnose): void {
  const policies = byNamespace(allowing)
  const all = podsOf(release).filter(({ hostNetwork }) => !hostNetwork)
  const pods = byNamespace(all)
  const labelled = new LabelIndex(all, ({ labels }) => labels)
  for (const deny of denies) {
    const selectors = bySelector(policies.get('', deny.namespace)).map(([{ selector }]) => selector)
    const covered = new Set(selectors.flatMap(selector => labelled.selected(selector, deny.namespace)))
    const namespace = deny.namespace === undefined ? 'the release namespace' : `namespace ${deny.namespace}`
    for (const { title, place, called, hook } of madeElsewhere(release, deny, labelled, selectors)) {
      const what = cutOff({ called, hook }, deny)
      if (what !== undefined) diagnose('NP404', { pod: title, namespace, what }, place)
    }
    for (const uncovered of pods.get('', deny.namespace).filter(one => !covered.has(one))) {
      const what = cutOff(uncovered, deny)
      if (what !== undefined) diagnose('NP404', { pod: uncovered.title, namespace, what }, uncovered.place)
    }
  }
}

/** Pods that an operator makes: a Service of the stream selects them, and no workload of the stream has them. */
function madeElsewhere(
  release: Release,
  deny: DefaultDeny,
  labelled: LabelIndex<Pods>,
  covering: readonly LabelSelector[],
): Omit<Pods, 'labels' | 'hostNetwork' | 'namespace'>[] {
  return release.services
    .filter(service => Object.keys(service.selector).length > 0 && sameNamespace(service, deny))
    .filter(({ selector }) => labelled.selected({ matchLabels: selector, matchExpressions: [] }, deny.namespace).length === 0)
    .filter(({ selector }) => !covering.some(one => selects(one, selector)))
    .map(({ title, place }) => ({ title: `the pods of ${title} (made outside of the stream)`, place, called: true, hook: false }))
}

function byNamespace<T extends Namespaced>(items: readonly T[]): NamespacedIndex<T> {
  const index = new NamespacedIndex<T>()
  for (const item of items) index.add('', item)
  return index
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

function cutOff({ called, hook }: Pick<Pods, 'called' | 'hook'>, { egress }: DefaultDeny): string | undefined {
  if (egress)
    return `${called ? 'it can neither be reached nor reach' : 'it cannot reach'} anything, DNS and the kube-apiserver included${hook ? ', so the hook fails' : ''}`
  return called ? 'nothing can reach it' : undefined
}

/** Where the first match decides, pods that two allowlists select get the end of whichever comes first. */
function tellShadowed(allowlists: readonly Allowlist[], release: Release, diagnose: Diagnose): void {
  // What leaves its namespace to Helm has one here: that of its allowlist.
  const owners = new Map(allowlists.map(allowlist => [allowlist.workload, allowlist]))
  const isShared = (workload: Workload, namespace: string | undefined): boolean => {
    const own = owners.get(workload)
    return own !== undefined && sameNamespace({ namespace }, own)
  }
  for (const group of bySelector(allowlists)) {
    const [{ selector, namespace }] = group
    const shared = release.pods.selected(selector, namespace).filter(workload => isShared(workload, namespace))
    for (const { workload } of group) {
      const others = otherTitles(workload, shared)
      if (others.length > 0) diagnose('NP505', { workload: workload.title, others }, workload.place)
    }
  }
}

/** Egress rules without a peer, which mean any destination. */
function tellUnbounded({ settings, diagnose }: EgressNeeds): void {
  for (const { value, path, place } of settings.egress.to) {
    if (value.to.length > 0) continue
    if (value.ports.length === 0) diagnose('NP426', { path }, place)
    else diagnose('NP427', { path }, place)
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
