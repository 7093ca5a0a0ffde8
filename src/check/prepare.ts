import { entryOf } from '../diagnostics/catalogue.ts'
import type { Diagnose } from '../diagnostics/collect.ts'
import { knownNamespace } from '../discover/namespace.ts'
import { toRelease } from '../discover/release.ts'
import { toWebhookClients } from '../discover/webhooks.ts'
import type { Release } from '../discover/release.ts'
import { placeIn } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import type { Facts } from '../run.ts'
import { split } from '../stream/split.ts'
import type { TextFile } from '../values/load.ts'
import { implementations } from '../verdict/registry.ts'
import type { ImplementationName } from '../verdict/registry.ts'
import type { Place } from '../yaml/tree.ts'
import { currentOf } from './current.ts'
import type { Current } from './current.ts'
import { isNamespaced } from './identity.ts'
import type { Ours } from './origin.ts'
import { chooseImplementation, sortPolicies } from './policies.ts'
import { configMapsOf, isRead, readObjects, silent } from './read.ts'
import type { Input } from './read.ts'
import { readFile } from './read-file.ts'
import { sceneOf } from './scene.ts'
import type { Scene } from './scene.ts'
import { subjectsOf } from './subjects.ts'
import type { Subject } from './required/required.ts'
import { policyTitle as title } from './words.ts'
import { castOf } from './world/build.ts'
import { readWorldFile } from './world/file.ts'

/** What is to be checked. */
export interface Request {
  /** The rendered one, then files, of which a later one wins. */
  readonly streams: readonly Stream[]
  readonly world: TextFile | undefined
  /** The implementation that the user names; undefined: found. */
  readonly implementation: ImplementationName | undefined
  /** Where the policies are of several networks and none is named; undefined: then the user is asked. */
  readonly undecided?: ImplementationName
  /** The release's, for documents that leave it to Helm; undefined: found. */
  readonly namespace: string | undefined
  /** Key of our block in the values. */
  readonly root: string
}

/** A stream or a file; of one that goes through the filter, without what leaves it. */
export interface Stream extends Input {
  /** What the filter puts in, where the values enable our policies. */
  readonly rendered?: Rendered
}

export interface Rendered {
  /** The policies, as documents. */
  readonly text: string
  readonly facts: Pick<Facts, 'settings' | 'plan' | 'policies'>
}

/** Everything that is asked, and of whom. */
export interface Prepared {
  readonly implementation: ImplementationName
  /** The release's. */
  readonly namespace: string
  /** Those that name no namespace, where nobody tells the release's. */
  readonly homeless: readonly Resource[]
  readonly release: Release
  readonly scene: Scene
  readonly subjects: readonly Subject[]
  /** Undefined where the values enable no policies of ours. */
  readonly ours: Ours | undefined
  /** Those that are asked. */
  readonly policies: readonly Resource[]
  /** Titles. */
  readonly judged: readonly string[]
  readonly refused: readonly string[]
  readonly unread: readonly string[]
}

/** Reads all that there is; undefined where something of it is wrong, and told. */
export async function prepare(
  { streams, world, implementation, undecided, namespace: given, root }: Request,
  diagnose: Diagnose,
): Promise<Prepared | undefined> {
  let wrong = false
  const tell: Diagnose = (code, args, place) => {
    wrong ||= entryOf(code).severity === 'error'
    diagnose(code, args, place)
  }
  const file = world === undefined ? undefined : await readWorldFile(world, tell)
  const read = await Promise.all(streams.map(stream => (stream.isFile === true ? readFile(stream, tell) : readObjects(stream, tell))))
  const [rendered] = streams.flatMap(stream => stream.rendered ?? [])
  const own = rendered === undefined ? [] : await readObjects(ourInput(rendered), silent)
  if (wrong) return undefined

  const facts = rendered?.facts
  const told = given || namespaceIn(read, facts?.settings.namespace ?? '')
  const namespace = told || 'default'
  const { resources, replaced, repeated } = currentOf(read, own, namespace)
  tellCurrent({ replaced, repeated }, diagnose)
  const all = resources.flat()
  const [stream, ...files] = streams
  const release = toRelease(all, await configMapsOf(stream === undefined ? [] : [stream, ...files.toReversed()], all, given ?? ''), silent)
  const choice = chooseImplementation([...all, ...own], implementation, facts?.settings.engine)
  const name = 'name' in choice ? choice.name : undecided
  if (name === undefined) {
    if ('several' in choice) tell('NP803', { policies: choice.several })
    return undefined
  }

  const { enforced, others } = sortPolicies([...all, ...own], name)
  const ours: Ours | undefined = facts === undefined ? undefined : { resources: own, policies: facts.policies, settings: facts.settings, root }
  const cast = castOf(all, { namespace, sidecarNames: namesSidecars(name), file, replaced })
  const { refused, remarks = [] } = implementations[name].read(enforced, namespace)
  const refusing = new Set(refused.map(({ policy }) => policy))
  const asked = enforced.filter(policy => !refusing.has(policy))
  const scene = sceneOf({
    cast,
    policies: asked,
    implementation: implementations[name],
    namespace,
    dnsNamespace: facts?.settings.egress.dnsNamespace ?? 'kube-system',
    apiserverBlocks: facts?.settings.egress.apiserver.cidrs ?? [],
  })
  // Ours stand nowhere yet.
  const made = new Set(own)
  const placed = (policy: Resource, place: Place | undefined): Place | undefined => (made.has(policy) ? undefined : place)
  for (const { policy, why } of others) diagnose('NP802', { policy: title(policy), apiVersion: policy.apiVersion, why }, placed(policy, placeIn(policy)))
  for (const { policy, problem, place } of refused) diagnose('NP801', { policy: title(policy), problem }, placed(policy, place))
  for (const { policy, problem, place } of remarks) diagnose('NP805', { policy: title(policy), problem }, placed(policy, place))
  const subjects = await subjectsOf({ inputs: streams, resources, release, cast, namespace, ours: facts })
  for (const { policy, dialled } of unlearntBy(subjects, scene)) diagnose('NP816', { policy: title(policy), name: dialled }, placed(policy, placeIn(policy)))
  return {
    implementation: name,
    namespace,
    homeless: told ? [] : all.filter(isHomeless),
    release,
    scene,
    subjects,
    ours,
    policies: asked,
    judged: asked.map(title),
    refused: [...refusing].map(title),
    unread: others.map(({ policy }) => title(policy)),
  }
}

/** Each policy with each name once. */
function unlearntBy(subjects: readonly Subject[], { situation }: Scene): Iterable<{ readonly policy: Resource; readonly dialled: string }> {
  const found = subjects.flatMap(({ end, outbound }) =>
    outbound.flatMap(({ need: { host } }) =>
      host.kind === 'outside' || host.kind === 'either' ? situation.unlearnt(end, host.name).map(policy => ({ policy, dialled: host.name })) : [],
    ),
  )
  return new Map(found.map(one => [`${title(one.policy)} ${one.dialled}`, one])).values()
}

function isHomeless(resource: Resource): boolean {
  return resource.namespace === undefined && isNamespaced(resource) && isRead(resource.kind)
}

/** As the stream tells it, or, where there is none, the files. */
function namespaceIn([stream = [], ...files]: readonly (readonly Resource[])[], given: string): string | undefined {
  const resources = stream.length > 0 ? stream : files.flat()
  return knownNamespace(given, { resources, webhookClients: toWebhookClients(resources) })
}

function tellCurrent({ replaced, repeated }: Pick<Current, 'replaced' | 'repeated'>, diagnose: Diagnose): void {
  if (replaced.length > 0) diagnose('NP810', { objects: replaced.map(title), files: [...new Set(replaced.map(({ tree }) => tree.source.name))] })
  for (const { resource, by } of repeated) {
    const { source, line, column } = placeIn(by)
    diagnose('NP811', { object: title(resource), by: `${source}:${line}:${column}` }, placeIn(resource))
  }
}

/** Calico alone knows the names of their ports. */
function namesSidecars(name: string): boolean {
  return name === 'calico'
}

/** What the filter puts in stands nowhere yet. */
function ourInput({ text }: Rendered): Input {
  const bytes = Buffer.from(text)
  return { name: 'helm-netpol', bytes, segments: split(bytes) }
}
