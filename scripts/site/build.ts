import { anchorsOf } from './headings.ts'
import { linker } from './links.ts'
import { layout } from './layout.ts'
import type { Page } from './pages.ts'
import { renderMarkdown } from './markdown.ts'

export interface Site {
  /** Name to text. */
  readonly files: ReadonlyMap<string, string>
  /** Links that lead nowhere, each with its file and line. */
  readonly problems: readonly string[]
}

/** Every page by itself: style and pictures are inside, and nothing is loaded. The same sources give the same bytes. */
export function buildSite(root: string, pages: readonly Page[]): Site {
  const problems: string[] = []
  const contents = pages.map(page => ({ page, ...anchorsOf(page.markdown) }))
  const anchors = new Map(contents.map(({ page, ids }) => [page.source, ids]))
  const files = new Map(
    contents.map(({ page, title, sections }) => {
      const links = linker(root, page, pages, anchors, problem => problems.push(problem))
      const body = renderMarkdown(page.markdown, links)
      return [page.target, layout({ title, sections, body, current: page, all: contents })]
    }),
  )
  return { files, problems }
}
