import { peek } from '../stream/peek.ts'

/** Part of the filter's bundle: everything else of this folder is loaded only for a ResourceList. */

/**
 * Whether stdin may be the ResourceList of a KRM function (kustomize and kpt hand one over). Without the word it is
 * not, and a chart's own kind of that name is of another group; JSON and other spellings are told by their first bytes.
 */
export function mayBeResourceList(stream: Buffer): boolean {
  if (helmsOwn.equals(stream.subarray(0, helmsOwn.length)) || !stream.includes('ResourceList') || !stream.includes(group)) return false
  const seen = peek(stream)
  if (seen.is === 'kind') return seen.kind === 'ResourceList' && ofGroup.test(firstDocument(stream))
  return seen.is === 'unsure' && opening.test(firstWords(stream))
}

/** As Helm begins what it renders; who hands over a ResourceList does not. */
const helmsOwn = Buffer.from('---\n# Source: ')

const group = 'config.kubernetes.io/'
const ofGroup = /^apiVersion:[ \t]+["']?config\.kubernetes\.io\//m

/** Up to the next separator: a rendered chart goes on behind it. */
function firstDocument(stream: Buffer): string {
  const text = stream.toString('latin1')
  const content = /^(?!---|[ \t]*(?:#|\r?$))/m.exec(text)?.index ?? 0
  const end = text.indexOf('\n---', content)
  return text.slice(0, end < 0 ? text.length : end)
}

/** What a stream opens with, without separator, directives, comments and blank lines. */
function firstWords(stream: Buffer): string {
  const lines = stream.toString('latin1', 0, 2000).split('\n')
  const words = lines.map(line => line.replace(/^\xef\xbb\xbf/, '').trim())
  return words.filter(line => line !== '' && line !== '---' && !/^[#%]/.test(line)).join(' ')
}

/** `apiVersion` and `kind` are the first keys, as every writer of ResourceLists has them. */
const opening =
  /^\{? ?["']?(?:apiVersion["']? ?: ?["']?config\.kubernetes\.io\/|kind["']? ?: ?["']?ResourceList["']?[ ,]+["']?apiVersion["']? ?: ?["']?config\.kubernetes\.io\/)/
