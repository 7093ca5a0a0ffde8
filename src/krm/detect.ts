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
  return seen.is === 'unsure' && opening.test(firstWords(stream))
}

/** What a stream opens with, without separator, directives, comments and blank lines. */
function firstWords(stream: Buffer): string {
  const lines = stream.toString('latin1', 0, 2000).split('\n')
  const words = lines.map(line => line.replace(/^\xef\xbb\xbf/, '').trim())
  return words.filter(line => line !== '' && line !== '---' && !/^[#%]/.test(line)).join(' ')
}

/** `apiVersion` and `kind` are the first keys, as every writer of ResourceLists has them. */
const opening = /^\{? ?["']?(?:apiVersion["']? ?: ?["']?config\.(?:kubernetes|k8s)\.io\/|kind["']? ?: ?["']?ResourceList\b)/
