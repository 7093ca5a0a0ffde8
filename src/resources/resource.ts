import type { Segment } from '../stream/split.ts'
import { objectAt, textOf } from '../yaml/json.ts'
import { placeOf, textAt, textsAt } from '../yaml/tree.ts'
import type { JsonObject, Place, Tree } from '../yaml/tree.ts'

/** A Kubernetes object of the stream, with its tree for those who read more of it. */
export interface Resource {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  /** As the document says it; undefined where Helm is to fill in the release's. */
  readonly namespace: string | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly tree: Tree
  readonly segment: Segment
  /** It shares its segment with others (items of a List, a document after `...`), so it cannot be taken out alone. */
  readonly shared: boolean
}

export type ObjectType = Pick<Resource, 'apiVersion' | 'kind'>

/** Undefined for what is no object; `type`: of one that does not say its kind itself. */
export function toResource(tree: Tree, segment: Segment, shared: boolean, type?: ObjectType): Resource | undefined {
  const kind = textAt(tree, 'kind') ?? type?.kind
  if (kind === undefined) return undefined
  return {
    apiVersion: textAt(tree, 'apiVersion') ?? type?.apiVersion ?? '',
    kind,
    name: textAt(tree, 'metadata', 'name') ?? '',
    namespace: textAt(tree, 'metadata', 'namespace') || undefined,
    labels: textsAt(tree, 'metadata', 'labels'),
    annotations: textsAt(tree, 'metadata', 'annotations'),
    tree,
    segment,
    shared,
  }
}

/** `Deployment stage/controller`, for people. */
export function title({ kind, name, namespace }: { kind: string; name: string; namespace: string | undefined }): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`.trimEnd()
}

/** Where a resource stands in the stream; a node of it for a finer place. */
/** The title of an object that is no resource of the stream. */
export function titleOf(object: JsonObject): string {
  const { name, namespace } = objectAt(object, 'metadata')
  return title({ kind: textOf(object['kind']), name: textOf(name), namespace: textOf(namespace) || undefined })
}

export function placeIn(resource: Resource, node: Tree = resource.tree): Place {
  const template = templateOf(resource)
  return placeOf(node, template === undefined ? title(resource) : `${title(resource)} of ${template}`)
}

/** The chart's file that it was rendered from: Helm 4 says it in an annotation, Helm 3 in a comment. */
function templateOf({ annotations, tree }: Resource): string | undefined {
  return annotations[templateAnnotation] ?? /^# Source: (\S+)/m.exec(tree.source.text.slice(0, 500))?.[1]
}

/** Helm 4 marks each document with the template it came from, and sorts them back into files by it. */
export const templateAnnotation = 'postrenderer.helm.sh/postrender-filename'

export function isHook(resource: Pick<Resource, 'annotations'>): boolean {
  return resource.annotations['helm.sh/hook'] !== undefined
}
