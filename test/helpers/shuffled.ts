import type { Json } from '../../src/yaml/tree.ts'

/** Data as JSON with the keys of its mappings in an order of their own for each salt: an object could not hold `10` behind `a`. */
export function withShuffledKeys(json: Json, salt: number): string {
  if (Array.isArray(json)) return `[${json.map(item => withShuffledKeys(item, salt)).join()}]`
  if (typeof json !== 'object' || json === null) return JSON.stringify(json)
  const entries = Object.entries(json).map(([key, value]) => `${JSON.stringify(key)}:${withShuffledKeys(value, salt)}`)
  return `{${byRank(entries, salt).join()}}`
}

/** Data with the items of its lists in another order. */
export function withShuffledLists(json: Json, salt: number): Json {
  if (Array.isArray(json))
    return byRank(
      json.map(item => JSON.stringify(withShuffledLists(item, salt))),
      salt,
    ).map(item => JSON.parse(item))
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, withShuffledLists(value, salt)]))
}

function byRank(texts: readonly string[], salt: number): string[] {
  return texts.toSorted((one, other) => rank(one, salt) - rank(other, salt))
}

/** FNV-1a. */
function rank(text: string, salt: number): number {
  let hash = 0x811c9dc5 ^ salt
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return hash
}
