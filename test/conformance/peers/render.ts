import type { Engine, Pod } from '../flows/model.ts'
import { postRender } from '../harness/postrender.ts'
import { ourPolicies } from '../harness/stream.ts'
import { dialects } from './model.ts'
import type { Case, Dialect, Placed, Rule, Values } from './model.ts'
import { flowsOf } from './queries.ts'
import { controller } from './world.ts'

/** What came of a case in one dialect: its policies, or the words of the refusal. */
export type Rendering = { policies: string } | { error: string }

export interface Rendered extends Placed {
  /** The NetworkPolicy, which all others are held against. */
  original: string
  translated: ReadonlyMap<Dialect, Rendering>
}

/** A case as a NetworkPolicy and in every dialect that it is about. */
export async function render(given: Case, place: Place = newPlace(given.values)): Promise<Rendered> {
  const translated = new Map<Dialect, Rendering>()
  const original = await renderAs('kubernetes', given.values, place.controller)
  if ('error' in original) throw new Error(`${given.id}: the values are wrong\n${original.error}`)
  for (const engine of given.only ?? dialects) translated.set(engine, await renderAs(engine, given.values, place.controller))
  return { ...given, ...place, original: original.policies, translated }
}

/** A controller, and what is asked of it. */
export type Place = Pick<Placed, 'controller' | 'flows'>

let places = 0

/** No two cases share a controller, so that one question can be about many. */
export function newPlace(values: Values): Place {
  const pod = controller(places++)
  return { controller: pod, flows: flowsOf(values, pod) }
}

async function renderAs(engine: Engine, values: Values, pod: Pod): Promise<Rendering> {
  const { code, stdout, stderr } = await postRender(streamOf(pod, values), { networkPolicy: block(engine, values) })
  if (code === 1) return { error: stderr }
  const policies = ourPolicies(stdout).join('')
  if (code !== 0 || policies === '') throw new Error(`${engine}: exit ${code}, ${policies.length} bytes of policies\n${stderr}`)
  return { policies }
}

/** The very same values for every engine. */
function block(engine: Engine, { from, ingress, egress }: Values): object {
  return {
    enabled: true,
    engine,
    translatePeers: true,
    ...Object.fromEntries(Object.entries(from).map(([row, peers]) => [row, { from: peers }])),
    additionalIngress: ingress.map(rule => ruleAs('from', rule)),
    // Name resolution has a row of its own, which every engine writes as it likes.
    ...(egress === undefined ? {} : { egress: { enabled: true, dns: false, to: egress.map(rule => ruleAs('to', rule)) } }),
  }
}

function ruleAs(key: 'from' | 'to', { peers, ports }: Rule): object {
  return { ...(peers === undefined ? {} : { [key]: peers }), ...(ports === undefined ? {} : { ports }) }
}

function streamOf({ name, namespace, labels, ports }: Pod, { from }: Values): string {
  // A probed port without a list of callers is opened in each engine's own way: to nodes, or to everybody.
  const probe = (from.health ?? []).length > 0 ? { livenessProbe: { httpGet: { port: 'health' } } } : {}
  const container = {
    name: 'manager',
    image: 'example.org/manager:1',
    ports: ports.map(({ name: known, port, protocol }) => ({ name: known, containerPort: port, protocol })),
    ...probe,
  }
  const spec = { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container] } } }
  return `---\n${JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace, labels }, spec })}\n`
}
