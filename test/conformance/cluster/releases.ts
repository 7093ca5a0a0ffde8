import * as assert from 'uvu/assert'
import { engines } from '../flows/model.ts'
import type { Engine } from '../flows/model.ts'
import { at, number, text } from '../harness/manifest.ts'
import type { Value } from '../harness/manifest.ts'
import type { Ran } from '../harness/proc.ts'
import type { Report } from '../harness/report.ts'
import { ourPolicies } from '../harness/stream.ts'
import type { Helm } from './helms.ts'
import { stored } from './policies.ts'
import { createNamespace } from './server.ts'
import type { Cluster } from './server.ts'

/** The hook Job would wait for a kubelet that is not there. */
const base = { cleanupOnDelete: { enabled: false } }
const values = (engine: Engine, more: object = {}): object => ({ ...base, networkPolicy: { enabled: true, engine, ...more } })
const withDeny = { defaultDeny: { enabled: true } }

/** One life of a release for each engine: policies there, updated, changed over, back, gone. */
export async function releases(report: Report, helm: Helm, cluster: Cluster): Promise<void> {
  for (const [index, engine] of engines.entries()) {
    const other = engines[(index + 1) % engines.length] ?? engine
    await report.check(`${helm.name}, ${engine}: template, install, upgrade, rollback, uninstall`, () =>
      tidily(helm, ['demo'], `life-${helm.version}-${engine.toLowerCase()}`, namespace => lifetime(helm, cluster, engine, other, namespace)),
    )
  }
  await report.check(`${helm.name}: a second release of a chart with fixed names leaves the first its policy`, () =>
    tidily(helm, ['one', 'two'], `two-${helm.version}`, namespace => two(helm, cluster, namespace)),
  )
  await report.check(`${helm.name}: hooks, --dry-run, --show-only`, () => tidily(helm, ['demo'], `corners-${helm.version}`, namespace => corners(helm, cluster, namespace)))
}

/** A release that a failed check leaves behind would be in the way of the next: cluster-wide names are shared. */
export async function tidily(helm: Helm, names: readonly string[], namespace: string, work: (namespace: string) => Promise<void>): Promise<void> {
  try {
    await work(namespace)
  } finally {
    for (const name of names) await helm.run(['uninstall', name, '-n', namespace, '--ignore-not-found', '--no-hooks'])
  }
}

async function lifetime(helm: Helm, cluster: Cluster, engine: Engine, other: Engine, namespace: string): Promise<void> {
  const release = 'demo'
  await createNamespace(cluster.call, namespace)
  const policies = async (): Promise<Record<Engine, Value[]>> => stored(cluster.call)
  const only = async (which: Engine, count: number, when: string): Promise<Value[]> => {
    const all = await policies()
    assert.equal(Object.fromEntries(engines.map(name => [name, all[name].length])), Object.fromEntries(engines.map(name => [name, name === which ? count : 0])), `policies ${when}`)
    return all[which]
  }

  const template = ok(await helm.render('template', release, namespace, values(engine, withDeny)), 'template')
  assert.is(ourPolicies(template.stdout).length, 2, 'template shows the allowlist and the default deny')

  ok(await helm.render('install', release, namespace, values(engine)), 'install')
  const installed = await only(engine, 1, 'after install')
  assert.is(text(at(installed[0], 'metadata', 'labels', 'app.kubernetes.io/managed-by')), 'Helm', "the release's own labels")
  const before = rulesOf(installed[0])

  ok(await helm.render('upgrade', release, namespace, { ...values(engine, withDeny), gate: { enabled: false } }), 'upgrade with other values')
  const changed = await only(engine, 2, 'after the upgrade')
  assert.ok(
    changed.some(policy => JSON.stringify(rulesOf(policy)) !== JSON.stringify(before) && isAllowlist(policy)),
    'the allowlist has changed',
  )

  ok(await helm.render('upgrade', release, namespace, values(other)), 'upgrade to another engine')
  await only(other, 1, 'after the change of the engine')

  ok(await helm.run(['rollback', release, '1', '-n', namespace]), 'rollback')
  const back = await only(engine, 1, 'after the rollback')
  assert.equal(rulesOf(back[0]), before, 'the first policy is back as it was')

  // The documented warning: an upgrade that does not name the post-renderer takes the policies away.
  ok(await helm.plain('upgrade', release, namespace, values(engine)), 'upgrade without the post-renderer')
  await only(engine, 0, 'after an upgrade without the flag')
  ok(await helm.render('upgrade', release, namespace, values(engine)), 'upgrade with it again')
  await only(engine, 1, 'after an upgrade with the flag')

  ok(await helm.run(['uninstall', release, '-n', namespace]), 'uninstall')
  await only(engine, 0, 'after uninstall')
}

async function two(helm: Helm, cluster: Cluster, namespace: string): Promise<void> {
  await createNamespace(cluster.call, namespace)
  // The chart names its objects after itself, so a second release of it needs a namespace of its own; CRD-scoped objects too.
  ok(await helm.render('install', 'one', namespace, values('kubernetes')), 'install of the first')
  const second = await helm.render('install', 'two', namespace, values('kubernetes'))
  assert.is.not(second.code, 0, 'a chart with fixed names cannot be installed twice in a namespace')
  const all = await stored(cluster.call)
  assert.equal(
    all.kubernetes.map(policy => text(at(policy, 'metadata', 'annotations', 'meta.helm.sh/release-name'))),
    ['one'],
    "the first release's policy is still its own",
  )
  ok(await helm.run(['uninstall', 'one', '-n', namespace]), 'uninstall')
}

async function corners(helm: Helm, cluster: Cluster, namespace: string): Promise<void> {
  await createNamespace(cluster.call, namespace)
  const withHook = { networkPolicy: { enabled: true, engine: 'cilium' } }
  const dry = ok(await helm.render('install', 'demo', namespace, withHook, ['--dry-run=server']), '--dry-run')
  assert.match(dry.stdout, /kind: CiliumNetworkPolicy/)
  const empty = await stored(cluster.call)
  assert.is(empty.cilium.length, 0, 'a dry run stores nothing')

  ok(await helm.render('install', 'demo', namespace, withHook, ['--no-hooks']), 'install with hooks in the chart')
  const hooks = ok(await helm.run(['get', 'hooks', 'demo', '-n', namespace]), 'get hooks')
  assert.match(hooks.stdout, /kind: Job/, 'the hook Job is still a hook')
  assert.not.match(hooks.stdout, /kind: CiliumNetworkPolicy/, 'a policy never becomes a hook')
  const manifest = ok(await helm.run(['get', 'manifest', 'demo', '-n', namespace]), 'get manifest')
  assert.is(ourPolicies(manifest.stdout).length, 1, 'the policy belongs to the release')
  ok(await helm.run(['uninstall', 'demo', '-n', namespace, '--no-hooks']), 'uninstall')

  const shown = ok(await helm.render('template', 'demo', namespace, withHook, ['--show-only', 'templates/deployment.yaml']), '--show-only')
  assert.match(shown.stdout, /kind: Deployment/)
  const crds = ok(await helm.render('template', 'demo', namespace, withHook, ['--include-crds']), '--include-crds')
  assert.is(ourPolicies(crds.stdout).length, 1, 'one policy with --include-crds')
}

export function ok(ran: Ran, what: string): Ran {
  if (ran.code !== 0) throw new Error(`${what}: exit ${ran.code}\n${ran.stderr}${ran.stdout.slice(0, 500)}`)
  return ran
}

const isAllowlist = (policy: Value): boolean => (text(at(policy, 'metadata', 'annotations', 'helm-netpol/policy')) ?? '').startsWith('allowlist/')

/** What the policy says, without what the server adds. */
function rulesOf(policy: Value | undefined): Value | undefined {
  if (number(at(policy, 'metadata', 'generation')) === undefined) throw new Error('not a stored object')
  return at(policy, 'spec')
}
