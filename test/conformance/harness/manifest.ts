import { parseAllDocuments } from 'yaml'

/** A YAML value, read through narrow doors only. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value }

export interface Manifest {
  kind: string
  apiVersion: string
  name: string
  namespace: string | undefined
  body: Value
}

/** The objects of a stream, Lists opened, documents without content left out. */
export function manifests(stream: string): Manifest[] {
  const found: Manifest[] = []
  for (const document of parseAllDocuments(stream, { logLevel: 'silent' })) {
    if (!('errors' in document)) continue
    if (document.errors.length > 0) throw new Error(`unreadable document: ${document.errors[0]?.message ?? ''}`)
    add(toValue(document.toJS({ maxAliasCount: 1000 })), found)
  }
  return found
}

function add(body: Value, found: Manifest[]): void {
  const kind = text(at(body, 'kind'))
  if (kind === undefined) return
  if (kind.endsWith('List') && Array.isArray(at(body, 'items'))) {
    for (const item of list(at(body, 'items'))) add(item, found)
    return
  }
  found.push({ kind, apiVersion: text(at(body, 'apiVersion')) ?? '', name: text(at(body, 'metadata', 'name')) ?? '', namespace: text(at(body, 'metadata', 'namespace')), body })
}

function toValue(input: unknown): Value {
  if (input === null || input === undefined) return null
  if (typeof input === 'string' || typeof input === 'number' || typeof input === 'boolean') return input
  if (Array.isArray(input)) return input.map(toValue)
  if (typeof input === 'object') return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, toValue(value)]))
  return String(input)
}

export const parseJson = (source: string): Value => toValue(JSON.parse(source) as unknown)

export function at(value: Value | undefined, ...path: (string | number)[]): Value | undefined {
  let current: Value | undefined = value
  for (const key of path) {
    if (current === null || typeof current !== 'object') return undefined
    current = Array.isArray(current) ? (typeof key === 'number' ? current[key] : undefined) : current[String(key)]
  }
  return current
}

export const text = (value: Value | undefined): string | undefined => (typeof value === 'string' ? value : undefined)
export const number = (value: Value | undefined): number | undefined => (typeof value === 'number' ? value : undefined)
export const list = (value: Value | undefined): Value[] => (Array.isArray(value) ? value : [])

export function strings(value: Value | undefined): Record<string, string> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return {}
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (typeof item === 'string' ? [[key, item]] : [])))
}
