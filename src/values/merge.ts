import type { Entry, MappingNode, Source, Tree } from '../yaml/tree.ts'

/** Helm's merge of values: mappings key by key, anything else replaced by the later one. Changes neither. */
export function mergeValues(earlier: MappingNode, later: MappingNode): MappingNode {
  const entries = new Map(earlier.entries)
  for (const [key, entry] of later.entries) {
    const before = entries.get(key)?.value
    const value = before?.kind === 'mapping' && entry.value.kind === 'mapping' ? mergeValues(before, entry.value) : entry.value
    entries.set(key, { ...entry, value })
  }
  return { ...later, entries }
}

/** A mapping of nothing else than the value at a path. */
export function nested(path: readonly string[], value: Tree): MappingNode {
  const [key = '', ...rest] = path
  const inner = rest.length === 0 ? value : nested(rest, value)
  const entry: Entry = { key, keyStart: value.start, keySource: value.source, value: inner }
  return { kind: 'mapping', source: value.source, start: value.start, entries: new Map([[key, entry]]) }
}

export function emptyMapping(source: Source): MappingNode {
  return { kind: 'mapping', source, start: 0, entries: new Map() }
}
