import type { Segment } from '../stream/split.ts'
import { placeOf, textAt, textsAt } from '../yaml/tree.ts'
import type { Place, Tree } from '../yaml/tree.ts'

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

export function toResource(tree: Tree, segment: Segment, shared: boolean): Resource | undefined {
  const kind = textAt(tree, 'kind')
  if (kind === undefined) return undefined
  return {
    apiVersion: textAt(tree, 'apiVersion') ?? '',
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
export function placeIn(resource: Resource, node: Tree = resource.tree): Place {
  return placeOf(node, title(resource))
}

export function isHook(resource: Pick<Resource, 'annotations'>): boolean {
  return resource.annotations['helm.sh/hook'] !== undefined
}
