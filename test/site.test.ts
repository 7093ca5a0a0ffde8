import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { buildSite } from '../scripts/site/build.ts'
import { findPages } from '../scripts/site/pages.ts'
import type { Page } from '../scripts/site/pages.ts'
import { repository } from './helpers/program.ts'

const pages = findPages(repository)
const { files, problems } = buildSite(repository, pages)

test('every link of the documentation leads to a file, and every anchor to a heading', () => {
  assert.equal(problems, [])
})

test('every page of docs/ is in the site', () => {
  const names = readdirSync(join(repository, 'docs')).filter(name => name.endsWith('.md'))
  assert.equal(
    names.filter(name => !files.has(name.replace(/\.md$/, '.html'))),
    [],
  )
  assert.ok(files.has('index.html'))
})

test('links between the pages resolve, and an anchor stands once', () => {
  const ids = new Map([...files].map(([name, html]) => [name, [...html.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id)]))
  for (const [name, own] of ids) assert.equal(repeated(own), [], name)
  let followed = 0
  for (const [name, html] of files) {
    for (const [, href = ''] of html.matchAll(/ href="([^"]*)"/g)) {
      if (/^https:/.test(href)) continue
      const [file = '', anchor] = href.split('#')
      const target = ids.get(file === '' ? name : file)
      assert.ok(target, `${name}: ${href}`)
      if (anchor !== undefined) assert.ok(target.includes(anchor) || anchor === 'content', `${name}: ${href}`)
      followed++
    }
  }
  assert.ok(followed > 100, `only ${followed} links were followed`)
})

test('a page loads nothing: its style and pictures are inside', () => {
  for (const [name, html] of files) assert.not.match(html, /<(script|link|img|iframe|object|embed)\b|@import|url\(| src=/, name)
  assert.match(files.get('index.html') ?? '', '<svg')
})

test('a link that leads nowhere is told with its file and line', () => {
  const broken = ['# A', '', 'See [b](nothing.md), [c](values.md#no-such-heading) and [d](#nor-this).', '', '![e](missing.svg)'].join('\n')
  const found = buildSite(repository, [...pages.filter(({ source }) => source === 'docs/values.md'), page('docs/a.md', broken)]).problems
  assert.equal(found, [
    'docs/a.md:3: nothing.md: there is no such file',
    'docs/a.md:3: values.md#no-such-heading: docs/values.md has no heading for #no-such-heading',
    'docs/a.md:3: #nor-this: docs/a.md has no heading for #nor-this',
    'docs/a.md:5: missing.svg: pictures are SVG files of the repository',
  ])
})

test('what looks like markup stays text', () => {
  const html =
    buildSite(repository, [page('docs/a.md', '# A & B\n\nNode < 20, `<b>` and <script>alert(1)</script>\n\n```yaml\na: <b> # c\n```\n')]).files.get('a.html') ??
    ''
  assert.match(html, 'Node &lt; 20')
  assert.match(html, '&lt;b&gt;</code>')
  assert.match(html, 'a: &lt;b&gt;<span class="comment"> # c</span>')
  assert.not.match(html, '<script')
})

test('headings of one name have anchors of their own, as GitHub makes them', () => {
  const html = buildSite(repository, [page('docs/a.md', "# A\n\n## Somebody else's `x_y`\n\n## Twice\n\n## Twice\n")]).files.get('a.html') ?? ''
  for (const id of ['somebody-elses-x_y', 'twice', 'twice-1']) assert.match(html, `id="${id}"`)
})

test('the same sources give the same site', () => {
  assert.equal([...buildSite(repository, findPages(repository)).files], [...files])
})

test.run()

function page(source: string, markdown: string): Page {
  return { source, target: source.replace(/^docs\/(.*)\.md$/, '$1.html'), markdown }
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) < index)
}
