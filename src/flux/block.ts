import type { Policy } from '../engines/contract.ts'
import { policyAnnotation } from '../engines/metadata.ts'
import { templateAnnotation } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { isObject, itemsOf, objectAt, textOf } from '../yaml/json.ts'
import type { Json, JsonObject } from '../yaml/tree.ts'
import { visible } from '../visible.ts'
import { writeYaml } from '../yaml/write.ts'
import type { Comments } from '../yaml/write.ts'
import { shellWord } from './shell-word.ts'

/** What the block is made of. */
export interface Contents {
  readonly policies: readonly Policy[]
  readonly carrier: Resource
  /** Policies of the chart that ours take the place of: those of the same name, and those with our annotation. */
  readonly replaced: readonly Resource[]
  /** A release without the carrier is to fail; false where hooks go through the post-renderers by themselves, since they lack it always. */
  readonly guarded: boolean
  readonly namespace: string | undefined
}

/** Every patch of ours begins so: the text of a patch survives whatever rewrites the document around it. */
const mark = '# helm-netpol: '

/** The comment at the head of the block, and the command behind it. */
const head = '# Written by `helm-netpol flux`'
const command = '# kubectl get '

/** Whether a comment around the patches is ours. */
export function isOurComment(comment: string): boolean {
  return comment.startsWith(head) || comment.startsWith(command)
}

/** Whether the text of a patch is ours. */
export function isOurs(patch: string): boolean {
  return patch.startsWith(mark)
}

/** The texts of the patches of a post-renderer. */
export function patchesOf(item: Json | undefined): string[] {
  const patches = isObject(item) ? itemsOf(objectAt(item, 'kustomize')['patches']) : []
  return patches.map(patch => (isObject(patch) ? textOf(patch['patch']) : ''))
}

/**
 * Two items of `spec.postRenderers` as lines of YAML: the patches, and an empty pass of kustomize, which opens the List that they leave.
 * Flux has no other post-renderer than kustomize's patches, and those change objects but add none.
 */
export function blockLines(contents: Contents): string[] {
  const patches = [
    ...(contents.guarded ? [patchLines(guard(contents.carrier), undefined)] : []),
    ...contents.replaced.map(policy => patchLines(deletion(policy), contents.guarded ? undefined : policy)),
    patchLines(listPatch(contents), contents.carrier),
  ]
  return [
    '- kustomize:',
    `    ${head}; run it again when the chart or its values change. Whether the policies are in the cluster:`,
    `    # ${visible(lookUp(contents))}`,
    '    patches:',
    ...patches.flat().map(line => `      ${line}`),
    '- kustomize: {}',
  ]
}

/** The command that shows the policies in the cluster, and fails where one is missing. */
export function lookUp({ policies, namespace }: Pick<Contents, 'policies' | 'namespace'>): string {
  const names = policies.map(({ manifest }) => {
    const [group = '', version = ''] = textOf(manifest['apiVersion']).split('/')
    return `${textOf(manifest['kind']).toLowerCase()}.${version}.${group}/${textOf(objectAt(manifest, 'metadata')['name'])}`
  })
  const [own] = policies.map(({ manifest }) => textOf(objectAt(manifest, 'metadata')['namespace'])).filter(text => text !== '')
  const where = own ?? namespace
  return ['kubectl', 'get', ...(where === undefined ? [] : ['-n', where]), ...names].map(shellWord).join(' ')
}

function patchLines(text: readonly string[], target: Resource | undefined): string[] {
  return ['- patch: |', ...text.map(line => `    ${line}`), ...(target === undefined ? [] : yaml({ target: selector(target) }).map(line => `  ${line}`))]
}

/** A strategic merge patch that changes nothing: unlike one with a target, it fails where the object is not there (kustomize, PatchTransformer). */
function guard(carrier: Resource): string[] {
  return [`${mark}a release without this object fails, instead of losing its policies.`, ...yaml(identity(carrier))]
}

function deletion(policy: Resource): string[] {
  const why = policy.annotations[policyAnnotation] === undefined ? 'networkPolicy.replace' : `its annotation ${policyAnnotation}`
  return [`${mark}takes the chart's own policy out (${why}).`, ...yaml({ $patch: 'delete', ...identity(policy) })]
}

function listPatch({ carrier, policies }: Contents): string[] {
  const comments = new Map<JsonObject, string>()
  const manifests = policies.map(policy => withoutTemplate(policy.manifest))
  policies.forEach(({ comment, rules }, index) => {
    const manifest = manifests[index]
    if (comment !== undefined && manifest !== undefined) comments.set(manifest, comment)
    for (const { rule, reason } of rules) comments.set(rule, reason)
  })
  const operations: JsonObject[] = [
    { op: 'add', path: '/items', value: [{ apiVersion: carrier.apiVersion, kind: carrier.kind }, ...manifests] },
    ...['/metadata', '/spec'].map(path => ({ op: 'move', from: path, path: `/items/0${path}` })),
    { op: 'replace', path: '/apiVersion', value: 'v1' },
    { op: 'replace', path: '/kind', value: 'List' },
  ]
  return [`${mark}makes the object a List of itself and the policies.`, ...items(operations, comments)]
}

/** The file that Helm 4 sorts a document into belongs to the run that the stream came from. */
function withoutTemplate(manifest: JsonObject): JsonObject {
  const { annotations, ...metadata } = objectAt(manifest, 'metadata')
  const kept = Object.entries(isObject(annotations) ? annotations : {}).filter(([key]) => key !== templateAnnotation)
  return { ...manifest, metadata: { ...metadata, annotations: Object.fromEntries(kept) } }
}

function identity({ apiVersion, kind, name, namespace }: Resource): JsonObject {
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } }
}

function selector({ apiVersion, kind, name, namespace }: Resource): JsonObject {
  const [version = '', group] = apiVersion.split('/').reverse()
  return { ...(group === undefined ? {} : { group }), version, kind, name, ...(namespace === undefined ? {} : { namespace }) }
}

function yaml(json: JsonObject): string[] {
  return writeYaml(json).trimEnd().split('\n')
}

/** A list as lines that begin at the margin. */
function items(list: Json[], comments: Comments): string[] {
  return writeYaml({ list }, comments)
    .trimEnd()
    .split('\n')
    .slice(1)
    .map(line => line.slice(2))
}
