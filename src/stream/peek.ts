/** What a document is, as far as its bytes tell without a parse. */
export type Peek =
  | { readonly is: 'empty' }
  /** `kind` stands on a line of its own, once, in a block mapping. */
  | { readonly is: 'kind'; readonly kind: string }
  /** Flow style, quoted keys, tags, JSON, or something stranger: only a parse can tell. */
  | { readonly is: 'unsure' }

const empty: Peek = { is: 'empty' }
const unsure: Peek = { is: 'unsure' }

/** Looks at the bytes of one document, or of a stream that is one. Answers `unsure` rather than guess. */
export function peek(stream: Buffer, stretch: Stretch = { start: 0, end: stream.length }): Peek {
  return peekQuickly(stream, stretch) ?? peekThoroughly(stream.subarray(stretch.start, stretch.end))
}

interface Stretch {
  readonly start: number
  readonly end: number
}

/** As most documents begin: told with few calls, since a stream may hold a million of them. */
const usualHead = /^---\n(?:# Source: [^\n]*\n)?apiVersion: [A-Za-z0-9][A-Za-z0-9_./-]*\nkind: ([A-Za-z][A-Za-z0-9]*)\n(?=[A-Za-z])/
const longestHead = 300

function peekQuickly(stream: Buffer, { start, end }: Stretch): Peek | undefined {
  const [head, kind] = usualHead.exec(stream.toString('latin1', start, Math.min(end, start + longestHead))) ?? []
  if (head === undefined || kind === undefined) return undefined
  // From one usual head to the next, whosever it is: all documents together are looked at once.
  const another = stream.indexOf(kindKey, start + head.length - 1)
  return another >= 0 && another < end ? unsure : { is: 'kind', kind }
}

function peekThoroughly(bytes: Buffer): Peek {
  const content = firstContent(bytes)
  if (content === undefined) return unsure
  if (content === bytes.length) return empty
  return kindLine(bytes, content)
}

/** Lines of simple keys and words, blank lines, comments: after them a `kind:` at column 0 is a key of the document. */
const simpleLines = /^(?:[A-Za-z][A-Za-z0-9]*: +[A-Za-z0-9][A-Za-z0-9_./-]*[ \t]*\r?\n|[ \t]*(?:#.*)?\r?\n)*$/
const simpleKey = /^[A-Za-z][A-Za-z0-9]*:[ \r\n]/
/** Line starts that may open a key in another spelling (`"kind"`, `? kind`, `!!str kind`, `*alias`). */
const hardKeys = ['"', "'", '?', '!', '&', '*'].map(char => Buffer.from(`\n${char}`))

const newline = 0x0a
const kindKey = Buffer.from('\nkind:')

/** Offset of the first character that is neither separator, comment nor blank; undefined where the separator carries content. */
function firstContent(bytes: Buffer): number | undefined {
  let at = 0
  while (at < bytes.length) {
    const lineEnd = bytes.indexOf(newline, at)
    const end = lineEnd < 0 ? bytes.length : lineEnd
    const line = bytes.toString('latin1', at, Math.min(end, at + 80))
    if (at === 0 && line.startsWith('---')) {
      if (!/^---(?:[ \t]+(?:#.*)?)?\r?$/s.test(line)) return undefined
    } else if (!blank.test(at === 0 ? line.replace(byteOrderMark, '') : line)) {
      return at
    }
    at = end + 1
  }
  return bytes.length
}

/** Nothing, or a comment. */
const blank = /^[ \t]*(?:#|\r?$)/
/** Its bytes, as Latin-1 shows them. */
const byteOrderMark = /^\xef\xbb\xbf/

function kindLine(bytes: Buffer, content: number): Peek {
  const opens = bytes.toString('latin1', content, content + 5) === 'kind:'
  const at = opens ? content - 1 : bytes.indexOf(kindKey, content)
  if ((at < 0 && !opens) || bytes.indexOf(kindKey, at + 1) >= 0) return unsure
  if (!isTopLevelKey(bytes, content, at + 1)) return unsure
  const match = plainKind.exec(bytes.toString('latin1', at + kindKey.length, at + kindKey.length + 200))
  return match?.[1] === undefined ? unsure : { is: 'kind', kind: match[1] }
}

/** Whether the line at `key` is a key of the document's mapping, and not text of a scalar that began before it. */
function isTopLevelKey(bytes: Buffer, content: number, key: number): boolean {
  if (key - content < 500 && simpleLines.test(bytes.toString('latin1', content, key))) return true
  return simpleKey.test(bytes.toString('latin1', content, content + 80)) && !hardKeys.some(start => bytes.indexOf(start, content) >= 0)
}

/** The value, then a line end, then a line that does not continue it. */
const plainKind = /^ +([A-Za-z][A-Za-z0-9]*) *(?: #[^\n]*)?(?:\r?\n(?![ \t])|\r?$)/
