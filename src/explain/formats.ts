import { renderJson } from './json.ts'
import { renderMarkdown } from './markdown.ts'
import type { Matrix } from './matrix.ts'
import { renderMermaid } from './mermaid.ts'
import { renderTable } from './table.ts'

export type FormatName = 'table' | 'json' | 'markdown' | 'mermaid' | 'svg' | 'html'

export interface Format {
  /** For the help text. */
  readonly describe: string
  render(matrix: Matrix, space: Space): Promise<string>
}

/** Of the terminal; other formats do not ask. */
export interface Space {
  readonly width: number
  readonly color: boolean
}

/** Every format. The keys are the values of the option; the pictures are loaded when they are asked for, for their layout library. */
export const formats: Readonly<Record<FormatName, Format>> = {
  table: { describe: 'a table for the terminal', render: async (matrix, space) => renderTable(matrix, space) },
  json: { describe: 'everything, for programs', render: async matrix => renderJson(matrix) },
  markdown: { describe: 'tables for pull requests and wikis', render: async matrix => renderMarkdown(matrix) },
  mermaid: { describe: 'a flowchart that Markdown viewers draw', render: async matrix => renderMermaid(matrix) },
  svg: { describe: 'a picture', render: async matrix => (await import('./picture.ts')).renderSvg(matrix) },
  html: { describe: 'a page with the picture, the tables and the blocks to paste', render: async matrix => (await import('./picture.ts')).renderHtml(matrix) },
}
