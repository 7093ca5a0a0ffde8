import { peek } from '../stream/peek.ts'

/** Part of the filter's bundle: everything else of this folder is loaded only for a ResourceList. */

/**
 * Whether stdin may be the ResourceList of a KRM function (kustomize and kpt hand one over). Without the word it is
 * not, and no rendered chart has it as its one kind; JSON and other spellings are told by their first bytes.
 */
export function mayBeResourceList(stream: Buffer): boolean {
  if (!stream.includes('ResourceList')) return false
  const seen = peek(stream)
  if (seen.is === 'kind') return seen.kind === 'ResourceList'
  return seen.is === 'unsure' && spelledOtherwise.test(stream.toString('latin1', 0, 2000))
}

/** `apiVersion` and `kind` are the first keys, as every writer of ResourceLists has them. */
const spelledOtherwise =
  /^(?:\xef\xbb\xbf)?(?:[ \t]*(?:#.*)?\r?\n)*(?:---[ \t]*\r?\n)?(?:[ \t]*(?:#.*)?\r?\n)*\s*\{?\s*["']?(?:apiVersion["']?\s*:\s*["']?config\.(?:kubernetes|k8s)\.io\/|kind["']?\s*:\s*["']?ResourceList\b)/
