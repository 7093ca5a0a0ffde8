import { lastOwn, topLevelKey } from './cut.ts'
import { writeYaml } from '../yaml/write.ts'
import type { JsonObject } from '../yaml/tree.ts'
import type { ResourceList } from './read.ts'

/** The list with these items, and with these results in place of those of an earlier function; all else as it was. */
export function writeList({ before, after }: ResourceList, items: readonly string[], results: readonly JsonObject[]): string {
  const head = [withoutResults(before), ...items].filter(text => text !== '').map(ended)
  return [...head, results.length === 0 ? '' : writeYaml({ results: [...results] }), withoutResults(after)].join('')
}

/** A document as an item of a block sequence whose dashes are at `column`. */
export function asItem(document: string, column: number): string {
  const margin = ' '.repeat(column)
  const lines = document.trimEnd().split('\n')
  return lines.map((line, index) => (index === 0 ? `${margin}- ${line}\n` : `${margin}  ${line}\n`)).join('')
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}

/** Blank lines go with the results: behind an item they would be its text. */
function withoutResults(text: string): string {
  const lines = text.split(/(?<=\n)/)
  const from = lines.findIndex(line => line.startsWith('results:'))
  if (from < 0) return text
  const next = lines.findIndex((line, at) => at > from && (topLevelKey.test(line) || /^(?:---|\.\.\.)/.test(line)))
  const end = lastOwn(lines, from, next < 0 ? lines.length : next)
  return [...lines.slice(0, from), ...lines.slice(end)].join('')
}
