import { isScalar, parseAllDocuments, visit } from 'yaml'
import type { Json } from '../yaml/tree.ts'
import { isOurComment, patchesOf } from './block.ts'

export interface Comment {
  readonly text: string
  /** In UTF-16 units. */
  readonly offset: number
}

/** Every comment of a YAML text, those within its block texts left out: what is no scalar holds a # for nothing else. */
export function commentsOf(text: string): Comment[] {
  const parsed = parseAllDocuments(text, { schema: 'failsafe', prettyErrors: false, logLevel: 'silent', uniqueKeys: false })
  const pieces: string[] = []
  let done = 0
  for (const document of Array.isArray(parsed) ? parsed : []) {
    visit(document, {
      Scalar: (_, node) => {
        const [from, end] = node.range ?? [done, done]
        const newline = isBlockText(node) ? text.indexOf('\n', from) : from
        const start = newline < 0 ? end : Math.min(newline, end)
        pieces.push(text.slice(done, start), text.slice(start, end).replace(/[^\r\n]/g, 'x'))
        done = end
      },
    })
  }
  const rest = [...pieces, text.slice(done)].join('')
  return [...rest.matchAll(/(?<=^|\s)#[^\r\n]*/g)].map(({ 0: found, index }) => ({ text: found.trimEnd(), offset: index }))
}

/** A comment of another's hand between two offsets, at the level of the file. */
export function foreignComment(text: string, start: number, end: number): Comment | undefined {
  return commentsOf(text).find(({ text: comment, offset }) => offset >= start && offset < end && !isOurComment(comment))
}

/** Comments within the patches that are there and that the new ones do not have. */
export function lostComments(there: readonly Json[], wanted: readonly Json[]): string[] {
  const [before, after] = [there, wanted].map(items => items.flatMap(patchesOf).flatMap(patch => commentsOf(patch).map(({ text }) => text)))
  return [...new Set(before)].filter(comment => after?.includes(comment) !== true)
}

function isBlockText(node: unknown): boolean {
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED')
}
