import { judgesOf } from '../flows/model.ts'
import type { JudgeName, Pod } from '../flows/model.ts'
import type { Judges } from '../harness/judges.ts'
import { at, list, manifests } from '../harness/manifest.ts'
import type { Value } from '../harness/manifest.ts'
import { pool } from '../harness/pool.ts'
import type { Report } from '../harness/report.ts'
import { differences, verdicts } from './compare.ts'
import { dialects } from './model.ts'
import type { Case, Pair } from './model.ts'
import { newPlace, render } from './render.ts'
import type { Rendered } from './render.ts'
import { labels, requires } from './selectors.ts'
import { NAME, NAMESPACE, worldWith } from './world.ts'

/** Whatever is left out of a translated policy has to be found: nothing of it is there in vain, and the comparison can fail. */
export async function mutations(report: Report, judges: Judges, present: readonly JudgeName[]): Promise<void> {
  const all = [pods, blocks].flatMap(one => (one.only ?? dialects).map(engine => ({ one, engine })))
  await pool(all, 2, async ({ one, engine }) => {
    const judge = judgesOf[engine].find(name => present.includes(name))
    if (judge === undefined) report.skip(1, `what is left out of ${engine}'s policy: no judge`)
    else
      await report.check(`${one.id} that are left out, ${engine} by ${judge}`, async () =>
        report.say(`  ${await missed(judges, { engine, judge }, await render({ ...one, only: [engine] }))}`),
      )
  })
}

/** Each requirement here keeps somebody out, and each item of a list lets somebody in. */
const pods: Case = {
  id: 'parts of pods and namespaces',
  values: {
    from: { metrics: [{ namespaceSelector: labels({ env: 'dev' }), podSelector: { ...labels({ app: 'web' }), ...requires({ key: 'team', operator: 'DoesNotExist' }) } }] },
    ingress: [
      {
        peers: [{ podSelector: requires({ key: 'app', operator: 'In', values: ['web', 'batch'] }) }],
        ports: [
          { port: 1000, endPort: 1010 },
          { port: 53, protocol: 'UDP' },
        ],
      },
      { peers: [{ namespaceSelector: requires({ key: 'team', operator: 'Exists' }, { key: NAME, operator: 'NotIn', values: [NAMESPACE] }) }], ports: [{ port: 2000 }] },
    ],
    egress: [
      { peers: [{ podSelector: labels({ app: 'web' }) }, { namespaceSelector: labels({ [NAME]: 'apps' }), podSelector: labels({ tier: 'back' }) }], ports: [{ port: 5432 }] },
      { peers: [{ ipBlock: { cidr: '198.51.100.0/24' } }, { ipBlock: { cidr: '2001:db8:5::/48' } }], ports: [{ port: 443 }] },
    ],
  },
}

const blocks: Case = {
  id: 'parts of blocks',
  values: {
    from: { metrics: [{ ipBlock: { cidr: '198.51.100.0/24', except: ['198.51.100.128/25'] } }] },
    ingress: [{ peers: [{ ipBlock: { cidr: '2001:db8:5::/48', except: ['2001:db8:5:1::/64'] } }], ports: [{ port: 2000 }] }],
    egress: [{ peers: [{ ipBlock: { cidr: '198.51.0.0/16', except: ['198.51.100.0/25', '198.51.101.0/24'] } }, { podSelector: {} }], ports: [{ port: 443 }] }],
  },
  only: ['cilium', 'calico'],
}

/** Judges the policy with each of its parts left out; throws where that changes no verdict. */
async function missed(judges: Judges, { engine, judge }: Pair, original: Rendered): Promise<string> {
  const rendering = original.translated.get(engine)
  const [policy] = rendering === undefined || 'error' in rendering ? [] : manifests(rendering.policies)
  if (policy === undefined) throw new Error('there is no policy to take from')
  const mutants = withoutOne(policy.body).map(({ without, left }) => {
    const place = newPlace(original.values)
    return { ...place, without, policies: `---\n${renamed(left, original.controller, place.controller)}\n` }
  })
  const [wanted] = await verdicts(judges, judge, worldWith([original.controller]), [{ ...original, policies: original.original }])
  const answers = await verdicts(judges, judge, worldWith(mutants.map(({ controller }) => controller)), mutants)
  const same = mutants.filter((_, index) => {
    const got = answers[index]
    if (wanted === undefined || 'refused' in wanted || got === undefined) throw new Error('no answer')
    return 'verdicts' in got && differences({ engine, judge }, original.flows, wanted.verdicts, got.verdicts).length === 0
  })
  if (mutants.length === 0 || same.length > 0) throw new Error(`${same.length} of ${mutants.length} are not missed:\n${same.map(({ without }) => without).join('\n')}`)
  const refused = answers.filter(answer => 'refused' in answer).length
  return `${engine} by ${judge}: each of ${mutants.length} ${original.id} is missed when it is left out, ${refused} of them by a refusal`
}

function renamed(body: Value, from: Pod, to: Pod): string {
  return JSON.stringify(body).replaceAll(new RegExp(`\\b${from.name}\\b`, 'g'), to.name)
}

interface Mutant {
  without: string
  left: Value
}

/** The rules for the API server are no translation. */
const isNative = (rule: Value): boolean => /kube-apiserver|"services"/.test(JSON.stringify(rule))

function withoutOne(policy: Value): Mutant[] {
  return ['ingress', 'egress'].flatMap(direction => {
    const rules = list(at(policy, 'spec', direction))
    const native = rules.filter(isNative)
    return less(
      rules.filter(rule => !isNative(rule)),
      direction,
    ).map(({ without, left }) => ({ without, left: put(policy, ['spec', direction], [...native, ...list(left)]) }))
  })
}

/** The value without one of its parts, at any depth. */
function less(value: Value, path: string): Mutant[] {
  if (typeof value === 'string') return lessTerms(value, path)
  if (value === null || typeof value !== 'object') return []
  if (Array.isArray(value)) {
    const parts = value.map((item, index) => ({ without: `${path}[${index}] ${JSON.stringify(item)}`, left: value.toSpliced(index, 1) }))
    return [...parts, ...value.flatMap((item, index) => less(item, `${path}[${index}]`).map(({ without, left }) => ({ without, left: value.with(index, left) })))]
  }
  return Object.entries(value).flatMap(([key, item]) => {
    const { [key]: _, ...rest } = value
    const deeper = less(item, `${path}.${key}`).map(({ without, left }) => ({ without, left: { ...value, [key]: left } }))
    return NEEDED.has(key) ? deeper : [{ without: `${path}.${key}`, left: rest }, ...deeper]
  })
}

/** What a rule or requirement cannot be without; a judge would only say that again and again. */
const NEEDED = new Set(['action', 'name', 'key', 'operator', 'cidr', 'port', 'destinationPort', 'number', 'range', 'start', 'end', 'tcp', 'udp', 'protocol'])

/** Selectors of Calico are text. */
function lessTerms(text: string, path: string): Mutant[] {
  const terms = text.split(' && ')
  return terms.length === 1 ? [] : terms.map((term, index) => ({ without: `${path} ${term}`, left: terms.toSpliced(index, 1).join(' && ') }))
}

function put(into: Value, [key = '', ...path]: readonly string[], item: Value): Value {
  if (into === null || typeof into !== 'object' || Array.isArray(into)) return into
  return { ...into, [key]: path.length === 0 ? item : put(into[key] ?? {}, path, item) }
}
