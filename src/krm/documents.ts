import { isDeepStrictEqual } from 'node:util'
import type { Diagnostic } from '../diagnostics/collect.ts'
import { peek } from '../stream/peek.ts'
import { toResource } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { valuesKind } from '../resources/kinds.ts'
import { YamlProblem } from '../yaml/problem.ts'
import { readYaml } from '../yaml/read.ts'
import { textAt, toJson } from '../yaml/tree.ts'
import type { Place, Tree } from '../yaml/tree.ts'
import { annotationsOf, fileOf } from './annotations.ts'
import type { Item } from './cut.ts'
import { listSource } from './read.ts'
import type { ResourceList } from './read.ts'

/** The items as a stream like Helm's, one document each, in order. */
export interface Documents {
  readonly stream: Buffer
  /** The item of each document. */
  readonly items: readonly Item[]
  /** Where a place in the stream is for people, and the object that stands there. */
  readonly locate: (place: Place) => Promise<{ place: Place; resource: Resource | undefined }>
}

export async function toDocuments(list: ResourceList): Promise<Documents> {
  const items = await withoutConfig(list)
  const starts: number[] = []
  let line = 1
  for (const { document } of items) {
    starts.push(line + 1)
    line += 1 + (document.match(/\n/g)?.length ?? 0)
  }
  const stream = Buffer.from(items.map(({ document }) => `---\n${document}`).join(''))
  return { stream, items, locate: place => locate(place, list, items, starts) }
}

/** kpt lists the functionConfig among the items as well; its values are taken once, and its file stays. */
async function withoutConfig({ items, functionConfig }: ResourceList): Promise<readonly Item[]> {
  if (functionConfig === undefined || textAt(functionConfig, 'kind') !== valuesKind) return items
  const kept: Item[] = []
  for (const item of items) {
    const resource = item.document.includes(valuesKind) && mayBeValues(Buffer.from(item.document)) ? await resourceOf(item) : undefined
    if (resource === undefined || !isConfig(resource, functionConfig)) kept.push(item)
  }
  return kept
}

/** A chart may call its values as the functionConfig is called, but has no file of the user's. */
function isConfig(resource: Resource, functionConfig: Tree): boolean {
  if (resource.kind !== valuesKind || resource.name !== (textAt(functionConfig, 'metadata', 'name') ?? '')) return false
  return isLocal(resource) || isDeepStrictEqual(toJson(resource.tree), toJson(functionConfig))
}

/** Kept in a file of the user's, who does not render it. */
export function isLocal({ annotations }: Resource): boolean {
  return fileOf(annotations) !== undefined || annotations['config.kubernetes.io/local-config'] === 'true'
}

function mayBeValues(bytes: Buffer): boolean {
  const seen = peek(bytes)
  return seen.is === 'unsure' || (seen.is === 'kind' && seen.kind === valuesKind)
}

/** Of each item, since everything that is told of it asks. */
const resources = new WeakMap<Item, Promise<Resource | undefined>>()

/** An item, read; undefined where it is no object. */
export function resourceOf(item: Item): Promise<Resource | undefined> {
  const resource = resources.get(item) ?? readItem(item)
  resources.set(item, resource)
  return resource
}

async function readItem(item: Item): Promise<Resource | undefined> {
  try {
    const [tree] = await readYaml({ name: 'stdin', text: item.document, firstLine: 0 }, { uniqueKeys: false })
    return tree === undefined ? undefined : toResource(tree, { index: item.index, start: 0, end: 0 }, false)
  } catch (problem) {
    if (problem instanceof YamlProblem) return undefined
    throw problem
  }
}

async function locate(
  place: Place,
  list: ResourceList,
  items: readonly Item[],
  starts: readonly number[],
): Promise<{ place: Place; resource: Resource | undefined }> {
  if (place.source === listSource) return { place: inList(place, list), resource: undefined }
  if (place.source !== 'stdin') return { place, resource: undefined }
  const at = lastUpTo(starts, place.line)
  const item = items[at]
  if (item === undefined) return { place, resource: undefined }
  const resource = await resourceOf(item)
  const file = resource === undefined ? undefined : fileOf(resource.annotations)
  if (file !== undefined) return { place: moved(place, file.index === 0 ? file.path : `${file.path}, document ${file.index + 1}`), resource }
  const line = list.placed ? place.line - (starts[at] ?? 0) + item.firstLine + 1 : 0
  return { place: moved(place, 'stdin', line, place.column + item.indent), resource }
}

/** Index of the last of ascending numbers that is no larger; -1 for none. */
function lastUpTo(numbers: readonly number[], most: number): number {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[middle] ?? Infinity) <= most) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Orchestrators write the functionConfig anew: of a file, the path of the key tells more than a line. */
function inList(place: Place, { functionConfig, placed }: ResourceList): Place {
  const file = functionConfig === undefined || place.path === undefined ? undefined : configFile(functionConfig)
  if (file !== undefined) return moved(place, file)
  return placed ? place : moved(place, place.source)
}

export function configFile(functionConfig: Tree): string | undefined {
  return fileOf(annotationsOf(functionConfig))?.path
}

/** Line 0 is not shown. */
function moved({ path }: Place, source: string, line = 0, column = 0): Place {
  return { source, line, column, ...(path === undefined ? {} : { path }) }
}

/** A diagnostic with the object that it is about, where it is about one. */
export interface Finding {
  readonly diagnostic: Diagnostic
  readonly resource: Resource | undefined
}
