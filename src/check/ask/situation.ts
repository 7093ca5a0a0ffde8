import type { Resource } from '../../resources/resource.ts'
import type { Decision, Direction, Doubt, Implementation } from '../../verdict/contract.ts'
import { Judge } from '../../verdict/decide.ts'
import type { End, Flow, World } from '../../verdict/world.ts'
import { withAddresses } from '../world/addresses.ts'
import { podNamed, resolve } from './ends.ts'
import type { Ref } from './ends.ts'
import type { Asked, Change } from './question.ts'

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
  private readonly policies: readonly Resource[]
  private readonly implementation: Implementation
  private readonly namespace: string
  private readonly draft: World
  private readonly ranges: readonly [string, ...string[]]
  private readonly judges = new Map<string, { readonly world: World; readonly judge: Judge }>()

  /** `draft`: pods may have no address yet. `namespace`: the release's, for policies that name none. */
  constructor({ policies, implementation, namespace, draft, ranges }: SituationOptions) {
    this.policies = policies
    this.implementation = implementation
    this.namespace = namespace
    this.draft = draft
    this.ranges = ranges
  }

  /** The one that is shown. */
  get world(): World {
    return this.judgeIn(this.ranges[0], undefined).world
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

  /** The policies of an end; nodes and what is outside have none. */
  policiesOf(ref: Ref, direction: Direction): ReadonlySet<Resource> {
    const { world, judge } = this.judgeIn(this.ranges[0], undefined)
    const end = resolve(ref, world)
    return end.kind === 'pod' ? judge.policiesOf(end, direction) : new Set()
  }

  /** In each of the worlds. */
  decide(asked: Asked): readonly [Evidence, ...Evidence[]] {
    const [first, ...others] = this.ranges
    return [this.decideIn(first, asked), ...others.map(range => this.decideIn(range, asked))]
  }

  private decideIn(range: string, asked: Asked): Evidence {
    const { world, judge } = this.judgeIn(range, asked.change)
    const flow: Flow = { from: resolve(asked.from, world), to: resolve(asked.to, world), port: asked.port, protocol: asked.protocol }
    const { egress, ingress } = judge.decide(flow, asked.side)
    return { asked, flow, world, ...together([egress, ingress].filter(side => side !== undefined)), egress, ingress }
  }

  private judgeIn(range: string, change: Change | undefined): { readonly world: World; readonly judge: Judge } {
    const key = `${range} ${change?.key ?? ''}`
    let made = this.judges.get(key)
    if (made === undefined) {
      const world = withAddresses(change === undefined ? this.draft : change.apply(this.draft), range)
      made = { world, judge: new Judge(this.implementation.compile(this.policies, world, this.namespace)) }
      this.judges.set(key, made)
    }
    return made
  }
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
}
