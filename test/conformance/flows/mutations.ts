import * as assert from 'uvu/assert'
import { parseAllDocuments, stringify } from 'yaml'
import type { Part } from '../harness/part.ts'
import { programOf } from '../harness/oracle.ts'
import { ourPolicies } from '../harness/stream.ts'
import { judge } from './judge.ts'
import type { Outcome } from './judge.ts'
import { judgesOf } from './model.ts'
import type { Block, ChartValues, Engine, JudgeName, Scenario } from './model.ts'
import { render } from './render.ts'
import { chartSubject } from './subjects.ts'

type Json = Record<string, unknown>

/** A way to break rendered policies, and what the judge must then find. */
interface Mutation {
  name: string
  engine: Engine
  by: JudgeName
  block: Omit<Block, 'enabled' | 'engine'>
  /** Changes one policy in place, or gives more of them; says whether it did anything. */
  breaks: (policy: Policy) => boolean
  /** A further document, for rules that only bite together. */
  adds?: string
  finds: 'refused' | 'wrong'
}

interface Policy {
  isDefaultDeny: boolean
  spec: Json
}

const deny = { defaultDeny: { enabled: true } }
const egress = { egress: { enabled: true, apiserver: { cidrs: ['172.20.0.1/32'] } } }

const rules = (spec: Json, direction: 'ingress' | 'egress'): unknown[] => {
  const value = spec[direction]
  return Array.isArray(value) ? value : []
}

function drop(spec: Json, direction: 'ingress' | 'egress', which: (rule: string) => boolean): boolean {
  const before = rules(spec, direction)
  const after = before.filter(rule => !which(JSON.stringify(rule)))
  spec[direction] = after
  return after.length < before.length
}

function rewrite(spec: Json, direction: 'ingress' | 'egress', from: RegExp, to: string): boolean {
  const before = JSON.stringify(rules(spec, direction))
  const after = before.replace(from, to)
  spec[direction] = JSON.parse(after) as unknown
  return after !== before
}

function rewriteAll(spec: Json, key: string, from: RegExp, to: string): boolean {
  const before = JSON.stringify(spec[key])
  const after = before.replace(from, to)
  spec[key] = JSON.parse(after) as unknown
  return after !== before
}

const MUTATIONS: readonly Mutation[] = [
  {
    name: "Cilium's default deny as empty lists",
    engine: 'cilium',
    by: 'cilium',
    block: deny,
    finds: 'refused',
    breaks: ({ isDefaultDeny, spec }) => isDefaultDeny && ((spec['ingress'] = []), true),
  },
  {
    name: "Cilium's default deny by enableDefaultDeny alone",
    engine: 'cilium',
    by: 'cilium',
    block: deny,
    finds: 'refused',
    breaks: ({ isDefaultDeny, spec }) => isDefaultDeny && (delete spec['ingress'], (spec['enableDefaultDeny'] = { ingress: true }), true),
  },
  {
    name: "Cilium's health rule without its source",
    engine: 'cilium',
    by: 'cilium',
    block: {},
    finds: 'wrong',
    breaks: ({ spec }) => {
      const found = rules(spec, 'ingress').filter((rule): rule is Json => isObject(rule) && /"(8081|health)"/.test(JSON.stringify(rule)))
      for (const rule of found) delete rule['fromEntities']
      return found.length > 0
    },
  },
  {
    name: "Cilium's API server by CIDR in place of the entity, on a node",
    engine: 'cilium',
    by: 'cilium',
    block: egress,
    finds: 'wrong',
    breaks: ({ spec }) => rewrite(spec, 'egress', /"toEntities":\["kube-apiserver"\]/, '"toCIDR":["192.168.1.2/32","172.20.0.1/32"]'),
  },
  {
    name: "Cilium's egress without a DNS rule",
    engine: 'cilium',
    by: 'cilium',
    block: egress,
    finds: 'wrong',
    breaks: ({ spec }) => drop(spec, 'egress', rule => rule.includes('"53"')),
  },
  ...(['cilium', 'calico'] as const).map((by): Mutation => ({
    name: `ClusterNetworkPolicy without the trailing Deny, by ${by}`,
    engine: 'clusterNetworkPolicy',
    by,
    block: {},
    finds: 'wrong',
    breaks: ({ spec }) => drop(spec, 'ingress', rule => rule.includes('"Deny"')),
  })),
  {
    name: 'ClusterNetworkPolicy with the Deny before what it accepts',
    engine: 'clusterNetworkPolicy',
    by: 'cilium',
    block: {},
    finds: 'wrong',
    breaks: ({ spec }) => ((spec['ingress'] = rules(spec, 'ingress').toReversed()), true),
  },
  {
    name: 'ClusterNetworkPolicy for the pods of every namespace',
    engine: 'clusterNetworkPolicy',
    by: 'calico',
    block: {},
    finds: 'wrong',
    breaks: ({ spec }) => rewriteAll(spec, 'subject', /"namespaceSelector":\{[^}]*\{[^}]*\}\}/, '"namespaceSelector":{}'),
  },
  {
    name: "Cilium's egress without the API server",
    engine: 'cilium',
    by: 'cilium',
    block: { egress: { enabled: true } },
    finds: 'wrong',
    breaks: ({ spec }) => drop(spec, 'egress', rule => rule.includes('kube-apiserver')),
  },
  {
    name: "Calico's egress without the API server",
    engine: 'calico',
    by: 'calico',
    block: { egress: { enabled: true } },
    finds: 'wrong',
    breaks: ({ spec }) => drop(spec, 'egress', rule => rule.includes('"services"')),
  },
  ...(['kubernetes', 'cilium', 'calico', 'clusterNetworkPolicy'] as const).map((engine): Mutation => ({
    name: `${engine}: a default deny of one direction where both are locked`,
    engine,
    by: judgesOf[engine][0] ?? 'cilium',
    block: { ...deny, ...egress },
    finds: 'wrong',
    breaks: ({ isDefaultDeny, spec }) => {
      if (!isDefaultDeny) return false
      delete spec['egress']
      for (const key of ['policyTypes', 'types']) if (key in spec) spec[key] = ['Ingress']
      return true
    },
  })),
  {
    name: 'ClusterNetworkPolicy without the Deny of networks',
    engine: 'clusterNetworkPolicy',
    by: 'calico',
    block: egress,
    finds: 'wrong',
    breaks: ({ spec }) => rewrite(spec, 'egress', /"(0\.0\.0\.0\/0|::\/0)"/g, '"192.0.2.0/31"'),
  },
  {
    name: 'ClusterNetworkPolicy with the default deny before the allowlist',
    engine: 'clusterNetworkPolicy',
    by: 'calico',
    block: deny,
    finds: 'wrong',
    breaks: ({ isDefaultDeny, spec }) => isDefaultDeny && ((spec['priority'] = 1), true),
  },
  {
    name: 'ClusterNetworkPolicy in the tier that wins over NetworkPolicies',
    engine: 'clusterNetworkPolicy',
    by: 'calico',
    block: {},
    finds: 'wrong',
    breaks: ({ spec }) => ((spec['tier'] = 'Admin'), true),
    adds: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: open, namespace: stage}\nspec: {podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{port: 8082}]}]}\n',
  },
  {
    name: "Calico's explicit Deny before an allowlist without order",
    engine: 'calico',
    by: 'calico',
    block: deny,
    finds: 'wrong',
    breaks: ({ isDefaultDeny, spec }) => {
      if (isDefaultDeny) Object.assign(spec, { order: 10, ingress: [{ action: 'Deny' }] })
      else delete spec['order']
      return true
    },
  },
  {
    name: "Calico's ports as an empty list",
    engine: 'calico',
    by: 'calico',
    block: {},
    finds: 'wrong',
    breaks: ({ spec }) => rewrite(spec, 'ingress', /"ports":\[[^\]]*\]/, '"ports":[]'),
  },
  {
    name: "Calico's protocol in lower case",
    engine: 'calico',
    by: 'calico',
    block: {},
    finds: 'refused',
    breaks: ({ spec }) => rewrite(spec, 'ingress', /"TCP"/g, '"tcp"'),
  },
  {
    name: "Calico's DNS rule without its namespace",
    engine: 'calico',
    by: 'calico',
    block: egress,
    finds: 'wrong',
    breaks: ({ spec }) => rewrite(spec, 'egress', /"namespaceSelector":"(?:[^"\\]|\\.)*",?/g, ''),
  },
  {
    name: 'a NetworkPolicy whose from lists got lost',
    engine: 'kubernetes',
    by: 'calico',
    finds: 'wrong',
    block: { metrics: { from: [{ namespaceSelector: { matchLabels: { team: 'observability' } } }] } },
    breaks: ({ spec }) => {
      const found = rules(spec, 'ingress').filter((rule): rule is Json => isObject(rule) && 'from' in rule)
      for (const rule of found) delete rule['from']
      return found.length > 0
    },
  },
  {
    name: 'a NetworkPolicy with an egress list and no Egress type',
    engine: 'kubernetes',
    by: 'cilium',
    block: {},
    finds: 'wrong',
    breaks: ({ spec }) => ((spec['egress'] = [{ ports: [{ port: 53 }] }]), true),
  },
  {
    name: 'a NetworkPolicy that selects every pod',
    engine: 'kubernetes',
    by: 'calico',
    block: {},
    finds: 'wrong',
    breaks: ({ spec }) => ((spec['podSelector'] = {}), true),
  },
  {
    name: 'a NetworkPolicy with a port in the place of another',
    engine: 'kubernetes',
    by: 'cilium',
    block: {},
    finds: 'wrong',
    breaks: ({ spec }) => rewrite(spec, 'ingress', /"port":("webhook"|9443)/, '"port":9444'),
  },
]

export const mutations: Part = {
  name: 'mutations',
  about: 'policies broken on purpose have to be found',
  async run(report, judges) {
    for (const mutation of MUTATIONS) {
      if (!judges.has(programOf[mutation.by])) {
        report.skip(1, `${mutation.name}: ${programOf[mutation.by]} is missing`)
        continue
      }
      await report.check(mutation.name, async () => {
        const scenario = scenarioOf(judges.path('helm4'), mutation)
        const { original, output, code, said } = await render(scenario)
        assert.is(code, 0, said)
        const world = 'hosted'
        const sound = await judge(judges, scenario, original, output, mutation.by, world)
        assert.ok(sound.refused === undefined && sound.wrong.length === 0, `it is not right even unbroken: ${verdictOf(sound)}`)
        const broken = await judge(judges, scenario, original, breakAll(output, mutation), mutation.by, world)
        assert.is(broken.refused === undefined ? (broken.wrong.length > 0 ? 'wrong' : 'right') : 'refused', mutation.finds, `the judge said: ${verdictOf(broken)}`)
      })
    }
  },
}

const verdictOf = ({ refused, wrong, asked }: Outcome): string => refused ?? `${wrong.length} of ${asked} flows wrong`

function scenarioOf(helm: string, { name, engine, block }: Mutation): Scenario {
  const chart: ChartValues = {}
  return { id: `mutation: ${name}`, subject: chartSubject(helm, chart), chart, block: { enabled: true, engine, ...block }, meanings: [], worlds: [] }
}

function breakAll(output: string, { name, breaks, adds }: Mutation): string {
  let changed = false
  const documents = ourPolicies(output).flatMap(piece =>
    parseAllDocuments(piece).map(document => {
      const policy: unknown = document.toJS()
      const spec = isObject(policy) ? policy['spec'] : undefined
      if (!isObject(spec)) throw new Error('a policy without a spec')
      if (breaks({ isDefaultDeny: JSON.stringify(policy).includes('default-deny/'), spec })) changed = true
      return stringify(policy, { version: '1.1', defaultStringType: 'QUOTE_DOUBLE' })
    }),
  )
  assert.ok(documents.length > 0, 'there is no policy to break')
  assert.ok(changed, `${name}: found nothing to break`)
  return [...documents, ...(adds === undefined ? [] : [adds])].join('---\n')
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
