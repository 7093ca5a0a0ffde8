import { Marked } from 'marked'
import type { Renderer } from 'marked'
import { highlight } from './highlight.ts'
import { escape } from './html.ts'
import { plainText, slugs } from './headings.ts'
import type { Links } from './links.ts'

/** Markdown of GitHub's dialect to HTML, with anchors on headings and diagnostics. */
export function renderMarkdown(markdown: string, links: Links): string {
  const slug = slugs()
  let linked = 0
  const inLink = (render: () => string): string => {
    linked++
    const html = render()
    linked--
    return html
  }
  const renderer: Partial<Renderer> & ThisType<Renderer> = {
    heading({ tokens, depth }) {
      const id = slug(tokens.map(plainText).join(''))
      const anchor = depth === 1 ? '' : ` <a class="anchor" href="#${id}" aria-label="Link to this section">#</a>`
      return `<h${depth} id="${id}">${inLink(() => this.parser.parseInline(tokens))}${anchor}</h${depth}>\n`
    },
    code({ text, lang = '' }) {
      return `<pre tabindex="0"><code>${highlight(text, lang.split(' ')[0] ?? '')}</code></pre>\n`
    },
    codespan({ text }) {
      // Short words stay whole; long ones part where a reader would part them.
      if (text.length <= 22) return `<code class="whole">${escape(text)}</code>`
      return `<code>${escape(text).replaceAll(/[./_,=](?=\w)/g, '$&<wbr>')}</code>`
    },
    table(token) {
      const titles = token.header.map(({ tokens }) => tokens.map(plainText).join(''))
      const head = token.header.map(({ tokens }) => `<th scope="col">${this.parser.parseInline(tokens)}</th>`)
      // On a narrow screen the titles stand before the cells.
      const cell = (content: string, title = ''): string =>
        title === '' ? `<td class="name">${content}</td>` : `<td data-title="${escape(title)}">${content}</td>`
      const rows = token.rows.map(
        row => `<tr>${row.map(({ tokens }, index) => cell(`<span>${this.parser.parseInline(tokens)}</span>`, titles[index])).join('')}</tr>`,
      )
      return `<div class="table"><table>\n<thead><tr>${head.join('')}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody></table></div>\n`
    },
    link({ href, tokens }) {
      const address = links.href(href)
      const words = inLink(() => this.parser.parseInline(tokens))
      return address === undefined ? words : `<a href="${escape(address)}">${words}</a>`
    },
    image({ href }) {
      return `<span class="picture" tabindex="0">${links.picture(href)}</span>`
    },
    strong({ tokens, text }) {
      const words = this.parser.parseInline(tokens)
      return /^NP\d+$/.test(text) ? `<strong id="${text.toLowerCase()}">${text}</strong>` : `<strong>${words}</strong>`
    },
    text(token) {
      if ('tokens' in token && token.tokens !== undefined) return this.parser.parseInline(token.tokens)
      const words = 'escaped' in token && token.escaped ? token.text : escape(token.text)
      return linked > 0 ? words : words.replaceAll(/\bNP\d{3}\b/g, code => withLink(code, links.diagnostic(code)))
    },
    // Marks for the tables that are filled in, and nothing else.
    html({ text }) {
      return text.startsWith('<!--') ? '' : escape(text)
    },
  }
  return new Marked({ renderer, gfm: true }).parse(markdown, { async: false })
}

function withLink(code: string, address: string | undefined): string {
  return address === undefined ? code : `<a href="${address}">${code}</a>`
}
