import { titleOf } from '../resources/resource.ts'
import { isObject, itemsOf, objectAt } from '../yaml/json.ts'
import { readFully } from '../yaml/full.ts'
import { YamlProblem } from '../yaml/problem.ts'
import { toJson } from '../yaml/tree.ts'
import type { Json, JsonObject } from '../yaml/tree.ts'

/** Lists longer than this are cut. */
const most = 8

/** What a block that is there and the one that should be differ in, a line each, comments and the order of keys left out; none where they say the same. */
export function differences(there: readonly Json[], wanted: readonly Json[]): string[] {
  if (there.length === 0) return wanted.length === 0 ? [] : ['there is no block']
  if (wanted.length === 0) return ['there is a block, and the values enable no policies']
  const [before, after] = [decoded([...there]), decoded([...wanted])]
  if (canonical(before) === canonical(after)) return []
  const found = compare(readable(before), readable(after), '')
  const lines = found.length > 0 ? found : ['its items are in another form']
  return lines.length > most ? [...lines.slice(0, most), `… and ${lines.length - most} more`] : lines
}

/** Post-renderers with the texts of their patches read, each as the list of its documents: kustomize applies them all. */
function decoded(json: Json): Json {
  if (Array.isArray(json)) return json.map(decoded)
  if (!isObject(json)) return json
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, key === 'patch' && typeof value === 'string' ? documents(value) : decoded(value)]))
}

function documents(text: string): Json {
  try {
    return readFully({ name: 'patch', text, firstLine: 0 }, { uniqueKeys: false }).map(toJson)
  } catch (problem) {
    if (problem instanceof YamlProblem) return text
    throw problem
  }
}

/** The policies by their titles, and what carries them. */
function readable(items: Json): JsonObject {
  const patches = itemsOf(items)
    .filter(isObject)
    .flatMap(item => itemsOf(objectAt(item, 'kustomize')['patches']))
    .filter(isObject)
  const contents = patches.map(({ patch }) => itemsOf(patch))
  const firsts = contents.flatMap(([first]) => (first === undefined ? [] : [first]))
  const policies = firsts.flatMap(itemsOf).flatMap(operation => (isObject(operation) ? itemsOf(operation['value']).slice(1) : []))
  const merges = firsts.flatMap(patch => (isObject(patch) ? [[`patch of ${titleOf(patch)}`, patch] as const] : []))
  const added = contents.flatMap((all, index) => all.slice(1).map((more, at) => [`document ${at + 2} of patch ${index + 1}`, more] as const))
  const [target] = patches.flatMap(({ target }) => (isObject(target) ? [target] : [])).slice(-1)
  return Object.fromEntries([
    ...(target === undefined ? [] : [['target', target] as const]),
    ...policies.filter(isObject).map(policy => [titleOf(policy), policy]),
    ...merges,
    ...added,
  ])
}

function compare(before: Json | undefined, after: Json | undefined, path: string): string[] {
  if (canonical(before) === canonical(after)) return []
  if (before === undefined) return [`${path} is missing`]
  if (after === undefined) return [`${path} is there and should not be`]
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => compare(before[index], after[index], `${path}[${index}]`)).flat()
  }
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])]
    return keys.flatMap(key =>
      compare(own(before, key), own(after, key), path === '' ? key : path.includes(' ') && !path.includes(': ') ? `${path}: ${key}` : `${path}.${key}`),
    )
  }
  return [`${path} is ${short(before)} and should be ${short(after)}`]
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function short(json: Json): string {
  const text = JSON.stringify(json)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

/** JSON with sorted keys. */
export function canonical(json: Json | undefined): string {
  if (Array.isArray(json)) return `[${json.map(canonical).join()}]`
  if (!isObject(json)) return JSON.stringify(json) ?? ''
  const sorted = Object.entries(json).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`).join()}}`
}
