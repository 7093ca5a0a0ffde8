import type { Json, JsonObject } from './tree.ts'

/** Looks into plain data without trusting its shape. */

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

export function objectAt(json: JsonObject, key: string): JsonObject {
  const value = Object.hasOwn(json, key) ? json[key] : undefined
  return isObject(value) ? value : {}
}

export function itemsOf(json: Json | undefined): Json[] {
  return Array.isArray(json) ? json : []
}

export function textOf(json: Json | undefined): string {
  return typeof json === 'string' ? json : ''
}
