import { Lexer } from 'marked'
import type { Token } from 'marked'

export interface Heading {
  readonly id: string
  readonly text: string
}

export interface Contents {
  readonly title: string
  /** The second level of headings. */
  readonly sections: readonly Heading[]
  /** Everything that a link can lead to. */
  readonly ids: ReadonlySet<string>
}

export function anchorsOf(markdown: string): Contents {
  const ids = slugs()
  const headings = new Lexer().lex(markdown).flatMap(token => (token.type === 'heading' ? [{ depth: token['depth'], text: plainText(token) }] : []))
  const all = headings.map(({ depth, text }) => ({ depth, text, id: ids(text) }))
  const codes = [...markdown.matchAll(/\*\*(NP\d+)\*\*/g)].map(([, code = '']) => code.toLowerCase())
  return {
    title: all.find(({ depth }) => depth === 1)?.text ?? '',
    sections: all.filter(({ depth }) => depth === 2),
    ids: new Set([...all.map(({ id }) => id), ...codes]),
  }
}

/** Anchors as GitHub makes them, so that a link works there and here; a second one of a name gets a number. */
export function slugs(): (text: string) => string {
  const seen = new Map<string, number>()
  return text => {
    const slug = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  }
}

/** The words of a token, without marks. */
export function plainText(token: Token): string {
  if ('tokens' in token && Array.isArray(token.tokens)) return token.tokens.map(plainText).join('')
  return 'text' in token && typeof token.text === 'string' ? token.text : ''
}
