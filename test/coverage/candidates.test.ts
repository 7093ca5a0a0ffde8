import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Candidates } from '../../src/coverage/candidates.ts'
import { matchReach } from '../../src/coverage/match.ts'
import type { Reach, Target } from '../../src/coverage/reach.ts'
import type { LabelSelector } from '../../src/discover/selector.ts'
import { namespaceNameLabel } from '../../src/engines/labels.ts'
import type { Home } from '../../src/needs/home.ts'
import { needKey } from '../../src/needs/need.ts'
import type { Host, Need } from '../../src/needs/need.ts'
import type { Flow } from '../../src/traffic/flow.ts'
import { workloadOf } from '../helpers/facts.ts'
import { often } from '../helpers/often.ts'
import { workload } from '../helpers/streams.ts'

const namespace = fc.constantFrom('stage', 'other', undefined)
const named = fc.constantFrom('stage', 'other')
const labels = fc.dictionary(fc.constantFrom('app', 'tier'), fc.constantFrom('a', 'b'), { maxKeys: 2 })
const cidr = fc.constantFrom('10.0.0.1/32', '10.0.0.2/32', '10.0.0.0/8', '0.0.0.0/0', 'fd00::1/128', 'fd00:0::1/128', 'no block')
const name = fc.constantFrom('a.example.com', 'b.example.com', 'kube-dns.stage', '*.example.com')
const row = fc.constantFrom('url', 'resolvers', 'dns', 'apiserver-host')
const ports = fc.subarray([{ name: undefined, number: 443, endPort: undefined, protocol: 'TCP' }] as const)

const selector: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: labels,
  matchExpressions: fc.subarray([{ key: 'app', operator: 'Exists', values: [] }] as const),
})
const backend = fc.record({ hostNetwork: fc.constant(false), labels, ports })
const host: fc.Arbitrary<Host> = fc.oneof(
  fc.record({
    kind: fc.constant('service' as const),
    name: fc.constant('a'),
    namespace,
    pods: fc.option(fc.record({ matchLabels: labels, matchExpressions: fc.constant([]) }), { nil: undefined }),
    backends: fc.array(backend, { maxLength: 2 }),
  }),
  fc.record({ kind: fc.constant('address' as const), cidr }),
  fc.record({ kind: fc.constant('outside' as const), name }),
  fc.record({ kind: fc.constant('either' as const), name, namespace: named }),
  fc.record({ kind: fc.constant('dns' as const), namespace: named }),
  fc.constantFrom<Host>({ kind: 'apiserver' }, { kind: 'nodes' }, { kind: 'unknown' }),
)
const need: fc.Arbitrary<Need> = fc.record({
  row,
  host,
  ports,
  party: fc.constant(''),
  reason: fc.constant(''),
  dialled: fc.constantFrom(443, 53, undefined),
  anyPort: fc.boolean(),
  guess: fc.constant(false),
  text: fc.constantFrom('x', 'y'),
  found: fc.constant([]),
})

const ofName: fc.Arbitrary<LabelSelector> = named.map(text => ({ matchLabels: { [namespaceNameLabel]: text }, matchExpressions: [] }))
const target: fc.Arbitrary<Target> = fc.oneof(
  fc.constantFrom<Target>({ kind: 'anything' }, { kind: 'outside' }, { kind: 'apiserver' }, { kind: 'nodes' }, { kind: 'unread' }),
  fc.record({ kind: fc.constant('name' as const), name }),
  fc.record({ kind: fc.constant('block' as const), cidr, except: fc.subarray(['10.0.0.0/30']) }),
  fc.record({ kind: fc.constant('pods' as const), namespaces: fc.oneof(fc.constant('own' as const), ofName, selector), pods: selector }),
  fc.record({ kind: fc.constant('service' as const), name: fc.constant('a'), namespace }),
)
const flow = fc.option(
  fc.record({ row, derived: fc.option(fc.constantFrom('url x', 'url y', 'resolvers x'), { nil: undefined }), resolvesNames: fc.boolean() }),
  {
    nil: undefined,
  },
)
const reach: fc.Arbitrary<Reach> = fc.record({ target, flow, ports, sure: fc.boolean() }).map(({ target, flow, ports, sure }) => ({
  target,
  ports: ports.map(({ protocol, number }) => ({ protocol, first: number, last: number })),
  allows: true,
  sure,
  rule: { path: '', ...(flow === undefined ? {} : { flow: toFlow(flow) }) },
}))

function toFlow({ derived, ...flow }: { row: string; derived: string | undefined; resolvesNames: boolean }): Flow {
  const rest = { direction: 'egress', peers: { kind: 'any' }, ports: [], reason: '', where: [], verbatim: undefined } as const
  return { ...flow, ...rest, ...(derived === undefined ? {} : { derived }) }
}

test('a rule that is not held against a need would not have matched it, and the others keep their order', async () => {
  const facts = await workloadOf(workload())
  const counts = { runs: 0, left: 0, matching: 0 }
  fc.assert(
    fc.property(
      fc.array(need, { minLength: 1, maxLength: 5 }),
      fc.array(reach, { maxLength: 12 }),
      namespace,
      fc.boolean(),
      fc.boolean(),
      (needs, reaches, own, pods, names) => {
        counts.runs++
        const home: Home = { ...facts, namespace: own, namespaces: new Set() }
        const candidates = new Candidates(reaches, home)
        for (const one of needs) {
          const held = candidates.of(one)
          assert.equal(
            held,
            reaches.filter(each => held.includes(each)),
          )
          for (const each of reaches) {
            const match = matchReach(one, each, { home, blocksReachPods: pods, namesUnresolved: names })
            if (match !== 'no') counts.matching++
            if (held.includes(each)) continue
            counts.left++
            assert.is(match, 'no', JSON.stringify([one, each, needKey(one)]))
          }
        }
      },
    ),
    often(3000),
  )
  assert.ok(counts.left > counts.runs && counts.matching > counts.runs, JSON.stringify(counts))
})

test.run()
