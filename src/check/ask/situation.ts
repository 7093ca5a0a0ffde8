import type { Labels } from '../../discover/selector.ts'
import type { Resource } from '../../resources/resource.ts'
import type { Decision, Direction, Doubt, Enforced, Implementation } from '../../verdict/contract.ts'
import { Judge } from '../../verdict/decide.ts'
import type { End, Flow, World } from '../../verdict/world.ts'
import { withAddresses } from '../world/addresses.ts'
import { labelWords, namespaceLabelsIn } from '../world/namespace-labels.ts'
import { both, withNamespaceLabels, withPod, withoutNames } from './changes.ts'
import { find, podNamed, podRef, resolve } from './ends.ts'
import type { Ref } from './ends.ts'
import { namesLearnt } from './learning.ts'
import { namesAsked } from './names.ts'
import type { Asked } from './question.ts'

/** What one connection comes to, with why. */
export interface Evidence {
  readonly asked: Asked
  readonly flow: Flow
  /** The world it was asked in. */
  readonly world: World
  /** `unknown`: a rule asks for something that the stream does not tell. */
  readonly verdict: 'allowed' | 'denied' | 'unknown'
  readonly doubt: Doubt | undefined
  readonly egress: Decision | undefined
  readonly ingress: Decision | undefined
}

/** Policies in worlds that differ in nothing but addresses which are made up. */
export class Situation {
  private readonly enforced: Enforced
  private readonly learnsNames: boolean
  private readonly draft: World
  private readonly ranges: readonly [string, ...string[]]
  private readonly several: ReadonlySet<string>
  private readonly unlabelled: ReadonlySet<string>
  private readonly namespaceLabels: readonly Labels[]
  private readonly usual: (range: string) => Setting
  private readonly changed = new Map<string, Setting>()

  /** `draft`: pods may have no address yet. `namespace`: the release's, for policies that name none. */
  constructor({ policies, implementation, namespace, draft, ranges, several, unlabelled }: SituationOptions) {
    this.unlabelled = unlabelled
    this.namespaceLabels = unlabelled.size === 0 ? [] : namespaceLabelsIn(policies)
    this.several = several
    this.enforced = implementation.read(policies, namespace)
    this.learnsNames = implementation.learnsNames === true
    this.draft = draft
    this.ranges = ranges
    const settings = new Map(ranges.map(range => [range, this.settingIn(withAddresses(draft, range))]))
    this.usual = range => settings.get(range) ?? this.settingIn(withAddresses(draft, range))
  }

  /** The one that is shown. */
  get world(): World {
    return this.usual(this.ranges[0]).world
  }

  /** Its address is told, and not made up here. */
  hasAddress(end: End): boolean {
    const { nodes, apiserver } = this.draft
    switch (end.kind) {
      case 'pod':
        return (podNamed(this.draft, `${end.namespace}/${end.name}`)?.addresses.length ?? 0) > 0
      case 'node':
        return nodes.some(({ name, addresses }) => name === end.name && addresses.length > 0)
      case 'apiserver':
        return apiserver !== undefined
      case 'outside':
        return true
    }
  }

  /** The policies that select pods. */
  get staged(): ReadonlySet<Resource> {
    return this.usual(this.ranges[0]).judge.staged
  }

  /** The policies of an end; nodes and what is outside have none. */
  policiesOf(ref: Ref, direction: Direction): ReadonlySet<Resource> {
    return policiesIn(this.usual(this.ranges[0]), ref, direction)
  }

  /** The connection under each of the labels that a namespace may have, where nobody tells them; empty where they are known, or none is asked for. */
  guises(asked: Asked): readonly Guise[] {
    const ends = [asked.from, asked.to].flatMap(ref => ('pod' in ref ? [ref.pod.replace(/\/.*/, '')] : []))
    return [...new Set(ends)]
      .filter(name => this.unlabelled.has(name) && this.namespaceLabels.length > 0)
      .map(namespace => ({
        namespace,
        under: this.namespaceLabels.map(labels => ({
          label: `namespace ${namespace} labelled ${labelWords(labels)}`,
          asked: { ...asked, change: both(asked.change, withNamespaceLabels(namespace, labels)) },
        })),
      }))
  }

  /** Policies of a pod with rules by the name, which are about nothing: none of its policies lets be learnt what it resolves to. */
  unlearnt(ref: Ref, name: string): readonly Resource[] {
    if (!this.learnsNames || this.learntBy(ref)(name)) return []
    return [...this.policiesOf(ref, 'egress')].filter(policy => namesAsked([policy])(name))
  }

  /** In each of the worlds. */
  decide(question: Asked): readonly [Evidence, ...Evidence[]] {
    const [first, ...others] = this.ranges
    const asked = this.asLearnt(this.toAnother(question))
    return [this.decideIn(first, asked), ...others.map(range => this.decideIn(range, asked))]
  }

  /** Who dials a workload of its own reaches another of its pods, where there are several. */
  private toAnother(asked: Asked): Asked {
    const { from, to, change } = asked
    if (!('pod' in from) || !('pod' in to) || from.pod !== to.pod || !this.several.has(to.pod)) return asked
    const pod = podNamed(this.draft, to.pod)
    if (pod === undefined) return asked
    const another = { ...pod, name: `${pod.name} (another)`, addresses: [] }
    return { ...asked, to: podRef(another), change: both(change, withPod(another, {})) }
  }

  /** What no policy of the pod lets be learnt, no rule by name is about. */
  private asLearnt(asked: Asked): Asked {
    if (!this.learnsNames || !('pod' in asked.from)) return asked
    const { names } = asked.change === undefined ? this.draft : asked.change.apply(this.draft)
    if (names.length === 0) return asked
    const isLearnt = this.learntBy(asked.from)
    const others = names.map(({ name }) => name).filter(name => !isLearnt(name))
    return others.length === 0 ? asked : { ...asked, change: both(asked.change, withoutNames(others)) }
  }

  private learntBy(ref: Ref): (name: string) => boolean {
    return namesLearnt(this.policiesOf(ref, 'egress'))
  }

  private decideIn(range: string, asked: Asked): Evidence {
    const { world, judge } = this.settingOf(range, asked)
    const flow: Flow = { from: resolve(asked.from, world), to: resolve(asked.to, world), port: asked.port, protocol: asked.protocol }
    const { egress, ingress } = judge.decide(flow, asked.side)
    return { asked, flow, world, ...together([egress, ingress].filter(side => side !== undefined)), egress, ingress }
  }

  private settingOf(range: string, { from, to, change }: Asked): Setting {
    const usual = this.usual(range)
    if (change === undefined) return usual
    const key = JSON.stringify([range, change.key, ...(change.selection === 'kept' ? [from, to] : [])])
    const known = this.changed.get(key)
    if (known !== undefined) return known
    const among = new Set([...policiesIn(usual, from, 'egress'), ...policiesIn(usual, to, 'ingress')])
    const made = change.selection === 'kept' ? this.settingIn(change.apply(usual.world), among) : this.settingIn(withAddresses(change.apply(this.draft), range))
    // Many a change is asked for once.
    for (const old of this.changed.keys()) if (this.changed.size >= mostChanged) this.changed.delete(old)
    this.changed.set(key, made)
    return made
  }

  private settingIn(world: World, among?: ReadonlySet<Resource>): Setting {
    return { world, judge: new Judge(this.enforced.compile(world, among)) }
  }
}

interface Setting {
  readonly world: World
  readonly judge: Judge
}

const mostChanged = 50

export interface Guise {
  readonly namespace: string
  readonly under: readonly { readonly label: string; readonly asked: Asked }[]
}

function policiesIn({ world, judge }: Setting, ref: Ref, direction: Direction): ReadonlySet<Resource> {
  const end = find(ref, world)
  return end?.kind === 'pod' ? judge.policiesOf(end, direction) : new Set()
}

/** A side that denies for sure cuts, whatever the other comes to. */
function together(sides: readonly Decision[]): Pick<Evidence, 'verdict' | 'doubt'> {
  if (sides.some(({ allowed, doubt }) => !allowed && doubt === undefined)) return { verdict: 'denied', doubt: undefined }
  const doubt = sides.find(side => side.doubt !== undefined)?.doubt
  return { verdict: doubt === undefined ? 'allowed' : 'unknown', doubt }
}

export interface SituationOptions {
  readonly policies: readonly Resource[]
  readonly implementation: Implementation
  readonly namespace: string
  readonly draft: World
  /** Where addresses are made up, one world each. */
  readonly ranges: readonly [string, ...string[]]
  /** `namespace/name` of pods that have others like them. */
  readonly several: ReadonlySet<string>
  /** Namespaces whose labels nobody tells. */
  readonly unlabelled: ReadonlySet<string>
}
