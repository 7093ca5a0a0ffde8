/** A fenced block: `sh` (or another shell) is run and has to succeed, `sh fails` has to fail, and `text` after one is what it prints, line by line. */
export interface Block {
  readonly kind: string
  readonly text: string
  /** Of its first line in the page. */
  readonly line: number
}

export interface Section {
  readonly title: string
  readonly blocks: readonly Block[]
}

/** The sections of a page, by its second level of headings. */
export function sectionsOf(page: string): Section[] {
  const sections: { title: string; blocks: Block[] }[] = []
  let open: { kind: string; lines: string[]; line: number } | undefined
  for (const [index, line] of page.split('\n').entries()) {
    if (open !== undefined) {
      if (line !== '```') open.lines.push(line)
      else {
        sections.at(-1)?.blocks.push({ kind: open.kind, text: `${open.lines.join('\n')}\n`, line: open.line })
        open = undefined
      }
    } else if (line.startsWith('```')) open = { kind: line.slice(3), lines: [], line: index + 2 }
    else if (line.startsWith('## ')) sections.push({ title: line.slice(3), blocks: [] })
  }
  return sections
}
