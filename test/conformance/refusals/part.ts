import { pathOf } from '../cluster/policies.ts'
import { apply, applyCrd, startCluster, until } from '../cluster/server.ts'
import type { Cluster } from '../cluster/server.ts'
import { judgesOf } from '../flows/model.ts'
import type { World } from '../flows/model.ts'
import { chartSubject, CONTROLLER, NAMESPACE } from '../flows/subjects.ts'
import { experimentalCrd } from '../harness/crds.ts'
import type { Judges } from '../harness/judges.ts'
import { manifests } from '../harness/manifest.ts'
import { ask, programOf } from '../harness/oracle.ts'
import type { Part } from '../harness/part.ts'
import { pool } from '../harness/pool.ts'
import { postRender } from '../harness/postrender.ts'
import { table } from '../harness/report.ts'
import { ourPolicies } from '../harness/stream.ts'
import { calico } from './calico.ts'
import { cilium } from './cilium.ts'
import { clusterNetworkPolicy } from './cluster-network-policy.ts'
import type { Row } from './model.ts'

const ROWS: readonly Row[] = [...cilium, ...calico, ...clusterNetworkPolicy]

const world: World = { name: 'empty', ends: [], namespaceLabels: {}, families: { v4: true, v6: true } }

/** Words of whoever refused; none where it is taken. */
type Refusal = string | undefined

/** Rules of the user's own: what we refuse a cluster refuses as well, and what it refuses we refuse. */
export const refusals: Part = {
  name: 'refusals',
  about: 'bad and good passthrough rules: ours, the engines and the API server have to agree',
  prints: 1000,
  async run(report, judges) {
    const helm = judges.path('helm4')
    judges.path('testcluster')
    const stream = await chartSubject(helm, {}).stream()
    const cluster = await startCluster(judges)
    const counts: Record<string, { rows: number; agree: number }> = {}
    try {
      await channel(cluster)
      await pool(ROWS, 2, async row => {
        const title = `${row.engine} ${row.direction}, ${row.name}`
        const count = (counts[`${row.engine} ${row.good ? 'good' : 'bad'}`] ??= { rows: 0, agree: 0 })
        count.rows++
        const agreed = await report.check(title, () => agree(judges, cluster, stream, row))
        if (agreed) count.agree++
      })
      for (const name of ['cilium', 'calico'] as const)
        if (!judges.has(programOf[name])) report.skip(ROWS.filter(({ engine }) => judgesOf[engine].includes(name)).length, `${name}'s verdicts: ${programOf[name]} is missing`)
      report.say(
        table([
          ['rules', 'rows', 'agreed'],
          ...Object.entries(counts)
            .sort(([a], [b]) => a.localeCompare(b))
            .map(([name, { rows, agree: right }]) => [name, rows, right]),
        ]),
      )
    } finally {
      await cluster.stop()
    }
  },
}

async function agree(judges: Judges, cluster: Cluster, stream: string, row: Row): Promise<void> {
  const policy = policyWith(row)
  const [ours, theirs] = await Promise.all([byUs(stream, row), byCluster(judges, cluster, row, policy)])
  const said = [`rules: ${JSON.stringify(row.rules)}`, `ours: ${ours ?? 'taken'}`, ...theirs.map(({ who, refusal }) => `${who}: ${refusal ?? 'taken'}`)]
    .map(line => line.slice(0, 700))
    .join('\n')
  const surprise = theirs.find(({ who, refusal }) => row.notBy?.some(judge => judge === who) === true && refusal === undefined)
  if (surprise !== undefined) throw new Error(`the table says that ${surprise.who} refuses it, and it does not\n${said}`)
  const refused = theirs.some(({ who, refusal }) => refusal !== undefined && row.notBy?.some(judge => judge === who) !== true)
  if (refused === row.good) throw new Error(`the table says that a cluster ${row.good ? 'takes' : 'refuses'} it, and it does not\n${said}`)
  if (row.free !== true && (ours !== undefined) !== refused) throw new Error(`${refused ? 'refused by the cluster, taken by us' : 'taken by the cluster, refused by us'}\n${said}`)
}

/** A policy around the rules that is sound without them: what is refused is refused because of them. */
function policyWith({ engine, direction, rules }: Row): string {
  const name = 'refusals'
  const spec = {
    cilium: { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name, namespace: NAMESPACE }, spec: { endpointSelector: {}, [direction]: rules } },
    calico: {
      apiVersion: 'projectcalico.org/v3',
      kind: 'NetworkPolicy',
      metadata: { name, namespace: NAMESPACE },
      spec: { selector: 'all()', types: [direction === 'ingress' ? 'Ingress' : 'Egress'], [direction]: rules },
    },
    clusterNetworkPolicy: {
      apiVersion: 'policy.networking.k8s.io/v1alpha2',
      kind: 'ClusterNetworkPolicy',
      metadata: { name },
      spec: { tier: 'Baseline', priority: 1, subject: { namespaces: {} }, [direction]: rules },
    },
  }
  return JSON.stringify(spec[engine])
}

async function byCluster(judges: Judges, cluster: Cluster, { engine }: Row, policy: string): Promise<{ who: string; refusal: Refusal }[]> {
  const found: { who: string; refusal: Refusal }[] = []
  for (const judge of judgesOf[engine]) {
    if (!judges.has(programOf[judge])) continue
    const answer = await ask(judges, { judge, policies: policy, world, flows: [], namespace: NAMESPACE })
    found.push({ who: judge, refusal: 'refused' in answer ? answer.refused : undefined })
  }
  const [object] = manifests(policy)
  if (object === undefined) throw new Error('no policy')
  const refusal = await apply(cluster.call, pathOf(engine, NAMESPACE, object.name), policy, true).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  return [...found, { who: 'API server', refusal }]
}

async function byUs(stream: string, { engine, direction, rules }: Row): Promise<Refusal> {
  const ran = await postRender(
    stream,
    {
      networkPolicy: {
        enabled: true,
        engine,
        controller: CONTROLLER,
        [engine]: { [direction]: rules },
        ...(direction === 'egress' ? { egress: { enabled: true, apiserver: { cidrs: ['172.20.0.1/32'] } } } : {}),
      },
    },
    ['-n', NAMESPACE],
  )
  if (ran.code !== 0 && ran.code !== 1) throw new Error(`exit ${ran.code}: ${ran.stderr}`)
  if (ran.code === 0 && ourPolicies(ran.stdout).length === 0) throw new Error('exit 0 without a policy')
  return ran.code === 0 ? undefined : ran.stderr.trim()
}

/** The channel with all fields: what is unknown in the standard one would be refused for that alone. */
async function channel(cluster: Cluster): Promise<void> {
  await apply(cluster.call, `/api/v1/namespaces/${NAMESPACE}`, `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${NAMESPACE}}\n`)
  await applyCrd(cluster.call, await experimentalCrd())
  const probe = policyWith({
    name: '',
    engine: 'clusterNetworkPolicy',
    direction: 'egress',
    good: true,
    rules: [{ name: 'probe', action: 'Accept', to: [{ domainNames: ['example.com'] }] }],
  })
  await until(
    'the API server takes fields of the experimental channel',
    30_000,
    () =>
      apply(cluster.call, pathOf('clusterNetworkPolicy', '', 'refusals'), probe, true).then(
        () => true,
        () => false,
      ),
    () => '',
  )
}
