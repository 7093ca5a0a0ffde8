import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import type { Page } from './pages.ts'

/** What a link or a picture of a page becomes. */
export interface Links {
  /** An address; undefined for a file of the repository that is no page, and for what leads nowhere (which is told). */
  readonly href: (href: string) => string | undefined
  /** The picture as text of an SVG. */
  readonly picture: (href: string) => string
  /** Where a diagnostic is explained. */
  readonly diagnostic: (code: string) => string | undefined
}

export function linker(
  root: string,
  page: Page,
  pages: readonly Page[],
  anchors: ReadonlyMap<string, ReadonlySet<string>>,
  tell: (problem: string) => void,
): Links {
  const broken = (href: string, why: string): undefined => void tell(`${page.source}:${lineOf(page.markdown, href)}: ${href}: ${why}`)
  const explained = pages.find(({ source }) => source === 'docs/diagnostics.md')
  return {
    href(href) {
      if (/^[a-z]+:/.test(href)) return href
      const [path = '', anchor] = href.split('#')
      const source = path === '' ? page.source : normalize(join(dirname(page.source), path))
      const target = pages.find(other => other.source === source)
      if (target === undefined) return existsSync(join(root, source)) ? undefined : broken(href, 'there is no such file')
      if (anchor !== undefined && anchors.get(source)?.has(anchor) !== true) return broken(href, `${source} has no heading for #${anchor}`)
      return `${target === page ? '' : target.target}${anchor === undefined ? '' : `#${anchor}`}` || page.target
    },
    picture(href) {
      const path = join(root, dirname(page.source), href)
      if (/^[a-z]+:/.test(href) || !href.endsWith('.svg') || !existsSync(path)) {
        broken(href, 'pictures are SVG files of the repository')
        return ''
      }
      return readFileSync(path, 'utf8')
    },
    diagnostic(code) {
      const id = code.toLowerCase()
      if (explained === undefined || anchors.get(explained.source)?.has(id) !== true) return undefined
      return `${explained === page ? '' : explained.target}#${id}`
    },
  }
}

function lineOf(markdown: string, href: string): number {
  const at = markdown.indexOf(`(${href})`)
  return at < 0 ? 1 : markdown.slice(0, at).split('\n').length
}
