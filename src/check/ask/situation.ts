import type { Resource } from '../../resources/resource.ts'
import type { Decision, Direction, Doubt, Enforced, Implementation } from '../../verdict/contract.ts'
import { Judge } from '../../verdict/decide.ts'
import type { End, Flow, Namespace, World } from '../../verdict/world.ts'
import { isNamespaced } from '../identity.ts'
import { withAddresses } from '../world/addresses.ts'
import { distinctLabels, labelWords, namespaceLabelsOf } from '../world/namespace-labels.ts'
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
  private readonly namespace: string
  private readonly draft: World
  private readonly ranges: readonly [string, ...string[]]
  private readonly several: ReadonlySet<string>
  private readonly unlabelled: ReadonlySet<string>
  private readonly speaking: readonly Resource[]
  private readonly usual: (range: string) => Setting
  private readonly changed = new Map<string, Setting>()
  private readonly labelled = new Map<string, readonly Setting[]>()

  /** `draft`: pods may have no address yet. `namespace`: the release's, for policies that name none. */
  constructor({ policies, implementation, namespace, draft, ranges, several, unlabelled }: SituationOptions) {
    this.unlabelled = unlabelled
    this.speaking = unlabelled.size === 0 ? [] : policies.filter(policy => namespaceLabelsOf(policy).length > 0)
    this.namespace = namespace
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

  /** The policies of an end, and those that may be; nodes and what is outside have none. */
  policiesOf(ref: Ref, direction: Direction): ReadonlySet<Resource> {
    const usual = policiesIn(this.usual(this.ranges[0]), ref, direction)
    const others = namespacesOf([ref]).flatMap(name => this.labelledAs(name))
    return others.length === 0 ? usual : new Set([...usual, ...others.flatMap(setting => [...policiesIn(setting, ref, direction)])])
  }

  /** The connection under labels that a namespace may have, where nobody tells them: each alone, and all together; empty where none is asked for. */
  guises(asked: Asked): readonly Guise[] {
    const names = namespacesOf([asked.from, asked.to]).filter(name => this.unlabelled.has(name))
    if (names.length === 0 || this.speaking.length === 0) return []
    const { egress, ingress } = this.asking(asked)
    const [caller] = namespacesOf([asked.from])
    const sets = names.map(name => {
      // Those by which the other end's policies know it win over those of its own.
      const peers = [...(name === caller ? ingress : []), ...(namespacesOf([asked.to]).includes(name) ? egress : [])]
      return { name, sets: distinctLabels([...this.speakingIn(name), ...peers].flatMap(namespaceLabelsOf)) }
    })
    const together = sets.map(({ name, sets: own }) => ({ name, labels: Object.fromEntries(own.flatMap(labels => Object.entries(labels))) }))
    const alone = sets.flatMap(({ name, sets: own }) =>
      guiseOf(
        [name],
        own.map(labels => asLabelled(asked, [{ name, labels }])),
      ),
    )
    return sets.flatMap(({ sets: own }) => own).length < 2 ? alone : [...alone, ...guiseOf(names, [asLabelled(asked, together)])]
  }

  /** Policies of a pod with rules by the name, which are about nothing: none of its policies lets be learnt what it resolves to. */
  unlearnt(ref: Ref, name: string): readonly Resource[] {
    const own = [...this.policiesOf(ref, 'egress')]
    return !this.learnsNames || namesLearnt(own)(name) ? [] : own.filter(policy => namesAsked([policy])(name))
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
    const isLearnt = namesLearnt(this.asking(asked).egress)
    const others = names.map(({ name }) => name).filter(name => !isLearnt(name))
    return others.length === 0 ? asked : { ...asked, change: both(asked.change, withoutNames(others)) }
  }

  /** Where a change makes pods or labels others, its own world tells who selects whom. */
  private asking(asked: Asked): { readonly egress: ReadonlySet<Resource>; readonly ingress: ReadonlySet<Resource> } {
    const [range] = this.ranges
    const setting = asked.change?.selection === 'anew' ? this.settingOf(range, asked) : this.usual(range)
    return { egress: policiesIn(setting, asked.from, 'egress'), ingress: policiesIn(setting, asked.to, 'ingress') }
  }

  /** Policies that may select pods of the namespace by its labels; the subject of a NetworkPolicy of Kubernetes knows those of pods alone. */
  private speakingIn(name: string): readonly Resource[] {
    const subjects = this.speaking.filter(({ apiVersion }) => apiVersion !== 'networking.k8s.io/v1')
    return subjects.filter(policy => !isNamespaced(policy) || (policy.namespace ?? this.namespace) === name)
  }

  /** The world under each of the labels by which policies may select the pods of a namespace, where nobody tells them; with those policies alone. */
  private labelledAs(name: string): readonly Setting[] {
    if (!this.unlabelled.has(name)) return []
    const known = this.labelled.get(name)
    if (known !== undefined) return known
    const speaking = this.speakingIn(name)
    const { world } = this.usual(this.ranges[0])
    const made = distinctLabels(speaking.flatMap(namespaceLabelsOf)).map(labels =>
      this.settingIn(withNamespaceLabels(name, labels).apply(world), new Set(speaking)),
    )
    this.labelled.set(name, made)
    return made
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
  readonly namespaces: readonly string[]
  readonly under: readonly Labelled[]
}

interface Labelled {
  readonly label: string
  readonly asked: Asked
}

function guiseOf(names: readonly string[], under: readonly Labelled[]): Guise[] {
  return under.length === 0 ? [] : [{ namespaces: names, under }]
}

function asLabelled(asked: Asked, namespaces: readonly Namespace[]): Labelled {
  const labelled = namespaces.filter(({ labels }) => Object.keys(labels).length > 0)
  return {
    label: labelled.map(({ name, labels }) => `namespace ${name} labelled ${labelWords(labels)}`).join(' and '),
    asked: labelled.reduce((one, { name, labels }) => ({ ...one, change: both(one.change, withNamespaceLabels(name, labels)) }), asked),
  }
}

/** Each once. */
function namespacesOf(refs: readonly Ref[]): string[] {
  return [...new Set(refs.flatMap(ref => ('pod' in ref ? [ref.pod.replace(/\/.*/, '')] : [])))]
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
