import type { Labels } from '../../discover/selector.ts'
import { checkAnnotations } from '../../passthrough/calico.ts'
import { Part } from '../../passthrough/part.ts'
import { isLabelKey, isLabelValue } from '../../values/peers.ts'
import type { Resource } from '../../resources/resource.ts'
import type { Diagnose } from '../../diagnostics/collect.ts'
import { isObject, objectAt, textOf } from '../../yaml/json.ts'
import { at, isNull } from '../../yaml/tree.ts'
import type { Json, JsonObject, Tree } from '../../yaml/tree.ts'

/** An object as Calico's API server keeps it in the cluster, where a dump may find it; it was checked before. */
export function isStored({ apiVersion }: Resource): boolean {
  return apiVersion === 'crd.projectcalico.org/v1'
}

/**
 * The name and the labels that the user gave an object: stored ones have them in an annotation, since 3.30, and policies of
 * the tier default have its name before theirs (libcalico-go/lib/backend/k8s/resources/resources.go, v3.34).
 */
export function identityOf(resource: Resource, tier?: string): { name: string; labels: Labels } {
  const { name, labels } = resource
  const metadata = isStored(resource) ? metadataIn(resource.annotations['projectcalico.org/metadata']) : undefined
  if (metadata === undefined) return { name, labels }
  const given = textOf(metadata['name'])
  return {
    name: given !== '' ? given : tier === 'default' ? name.replace(/^default\./, '') : name,
    labels: { ...labels, ...textsOf(objectAt(metadata, 'labels')) },
  }
}

function metadataIn(annotation: string | undefined): JsonObject | undefined {
  if (annotation === undefined) return undefined
  try {
    const json: Json = JSON.parse(annotation)
    return isObject(json) ? json : undefined
  } catch {
    return undefined
  }
}

function textsOf(json: JsonObject): Labels {
  return Object.fromEntries(Object.entries(json).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])))
}

/** An object without the keys that are null: those are as good as absent. */
export function withoutNulls(tree: Tree | undefined): Tree | undefined {
  if (tree?.kind !== 'mapping') return tree === undefined || isNull(tree) ? undefined : tree
  return { ...tree, entries: new Map([...tree.entries].filter(([, { value }]) => !isNull(value))) }
}

const longestName = 253

/** What Calico's validator has against the metadata; `isName`: the form that names of the kind have. */
export function checkMetadata(resource: Resource, name: string, isName: RegExp, form: string, diagnose: Diagnose): void {
  const metadata = new Part(at(resource.tree, 'metadata'), 'metadata', { diagnose, told: new Set() }, resource.tree)
  if (name.length > longestName) metadata.at('name').problem(`has ${name.length} characters; it can have ${longestName}`)
  else if (!isName.test(name)) metadata.at('name').problem(`is ${JSON.stringify(name)}; ${form}`)
  for (const { key } of metadata.at('labels').entries) {
    const label = metadata.at('labels', key)
    if (!isLabelKey(key)) label.problem(`has ${JSON.stringify(key)} for a key, which is no label key`)
    if (label.text !== undefined && !isLabelValue(label.text)) label.problem(`is ${JSON.stringify(label.text)}, which is no label value`)
  }
  checkAnnotations(metadata.at('annotations'))
}
