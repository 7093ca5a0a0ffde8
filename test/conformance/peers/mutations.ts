import type { Judges } from '../harness/judges.ts'
import type { Report } from '../harness/report.ts'
import type { JudgeName } from '../flows/model.ts'
import { compare, isSame } from './compare.ts'
import type { Outcome } from './compare.ts'
import type { Case, Pair } from './model.ts'
import { render } from './render.ts'
import type { Rendered } from './render.ts'
import { labels, requires } from './selectors.ts'
import { NAME } from './world.ts'

/** Translations broken on purpose have to be found: the comparison can fail. */
export async function mutations(report: Report, judges: Judges, present: readonly JudgeName[]): Promise<void> {
  const sound = await render(EXAMPLE)
  const unbroken = (await Promise.all(present.map(judge => compare(judges, judge, [sound])))).flat()
  for (const { pair, from, to } of MUTATIONS) {
    if (!present.includes(pair.judge)) continue
    await report.check(`broken on purpose, ${pair.engine} by ${pair.judge}: ${String(from)} becomes ${JSON.stringify(to)}`, async () => {
      if (!isSame(of(pair, unbroken))) throw new Error('it is not right even unbroken')
      const found = of(pair, await compare(judges, pair.judge, [broken(sound, pair, from, to)]))
      if (found.refused !== undefined) throw new Error(`refused, so nothing was compared: ${found.refused}`)
      if (found.differing.length === 0) throw new Error('no flow comes out otherwise')
    })
  }
}

/** A bit of everything that all of them can say. */
const EXAMPLE: Case = {
  id: 'broken on purpose',
  values: {
    from: { metrics: [{ namespaceSelector: labels({ [NAME]: 'monitoring' }), podSelector: labels({ app: 'prometheus' }) }] },
    ingress: [{ peers: [{ podSelector: requires({ key: 'app', operator: 'NotIn', values: ['web'] }) }], ports: [{ port: 7001 }] }],
    egress: [
      { peers: [{ ipBlock: { cidr: '198.51.100.0/25' } }], ports: [{ port: 7002, protocol: 'UDP' }] },
      { peers: [{ namespaceSelector: labels({ env: 'dev' }), podSelector: labels({ app: 'web' }) }], ports: [{ port: 7003, endPort: 7005 }] },
    ],
  },
}

interface Mutation {
  pair: Pair
  from: RegExp
  to: string
}

const PAIRS: readonly Pair[] = [
  { engine: 'cilium', judge: 'cilium' },
  { engine: 'calico', judge: 'calico' },
  { engine: 'clusterNetworkPolicy', judge: 'cilium' },
  { engine: 'clusterNetworkPolicy', judge: 'calico' },
]

const MUTATIONS: readonly Mutation[] = [
  // A namespace, a label, an operator, a block, a protocol, the end of a range.
  ...PAIRS.flatMap(pair => [
    { pair, from: /\bmonitoring\b/, to: 'apps' },
    { pair, from: /\bprometheus\b/, to: 'nobody' },
    { pair, from: pair.engine === 'calico' ? / not in / : /\bNotIn\b/, to: pair.engine === 'calico' ? ' in ' : 'In' },
    { pair, from: /198\.51\.100\.0\/25/, to: '198.51.100.0/24' },
    { pair, from: /\bUDP\b|\budp\b/, to: pair.engine === 'clusterNetworkPolicy' ? 'sctp' : 'SCTP' },
    { pair, from: /\b7005\b/, to: '7004' },
  ]),
]

function broken(sound: Rendered, { engine }: Pair, from: RegExp, to: string): Rendered {
  const rendering = sound.translated.get(engine)
  if (rendering === undefined || 'error' in rendering) throw new Error(`${engine}: no policies to break`)
  const policies = rendering.policies.replace(/^ *#.*\n/gm, '').replace(from, to)
  if (!policies.includes(to)) throw new Error('found nothing to break')
  return { ...sound, translated: new Map([[engine, { policies }]]) }
}

function of({ engine, judge }: Pair, outcomes: readonly Outcome[]): Outcome {
  const found = outcomes.find(({ pair }) => pair.engine === engine && pair.judge === judge)
  if (found === undefined) throw new Error('it was not compared')
  return found
}
