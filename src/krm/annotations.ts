import { textsAt } from '../yaml/tree.ts'
import type { Tree } from '../yaml/tree.ts'

/** Annotations by which orchestrators know the file of an object, and its place among the file's documents; today's first. */
const paths = ['internal.config.kubernetes.io/path', 'config.kubernetes.io/path']
const indices = ['internal.config.kubernetes.io/index', 'config.kubernetes.io/index']

/** Where an object is kept; `path` has slashes and is relative to the package. */
export interface File {
  readonly path: string
  /** From 0. */
  readonly index: number
}

export function fileOf(annotations: Readonly<Record<string, string>>): File | undefined {
  const path = first(annotations, paths)
  return path === undefined ? undefined : { path, index: Number(first(annotations, indices) ?? 0) || 0 }
}

export function annotationsOf(tree: Tree): Readonly<Record<string, string>> {
  return textsAt(tree, 'metadata', 'annotations')
}

/** The same place in the words of the given annotations: older orchestrators know the older ones alone. */
export function placedLike(annotations: Readonly<Record<string, string>>, { path, index }: File): Record<string, string> {
  const entries = [...paths.map(key => [key, path] as const), ...indices.map(key => [key, String(index)] as const)]
  return Object.fromEntries(entries.filter(([key]) => annotations[key] !== undefined))
}

function first(annotations: Readonly<Record<string, string>>, keys: readonly string[]): string | undefined {
  return keys.map(key => annotations[key]).find(text => text !== undefined && text !== '')
}
