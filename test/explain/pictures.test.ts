import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { renderHtml } from '../../src/explain/html.ts'
import { renderMarkdown } from '../../src/explain/markdown.ts'
import { renderMermaid } from '../../src/explain/mermaid.ts'
import { renderSvg } from '../../src/explain/svg.ts'
import { palettes } from '../../src/explain/svg/style.ts'
import { anyMatrix } from './arbitrary.ts'
import { empty, hostile, nothing, open, twenty, typical } from './matrices.ts'

const all = [typical, open, twenty, empty, nothing, hostile]
const allowed = new Set('svg title desc style g rect path text'.split(' '))

test('the SVG is well-formed and holds nothing but shapes and text', () => {
  for (const matrix of all) inspect(renderSvg(matrix))
})

test('the SVG is well-formed for any matrix', () => {
  fc.assert(
    fc.property(anyMatrix, matrix => inspect(renderSvg(matrix))),
    { numRuns: 100 },
  )
})

test('pictures and pages load nothing: the only address is the name of the SVG namespace', () => {
  for (const matrix of [typical, open, twenty, empty, nothing]) {
    for (const written of [renderSvg(matrix), renderHtml(matrix)]) {
      assert.equal([...new Set(written.match(/https?:[^"\s<]*/g))], ['http://www.w3.org/2000/svg'])
      assert.not.match(written, /\s(?:href|src)=|url\(|@import/)
    }
  }
})

test('the page is well-formed as XML too, and nothing of a chart becomes an element', () => {
  for (const matrix of all) {
    const xml = renderHtml(matrix).replace('<!doctype html>\n', '')
    const names = elementsOf(xml)
    for (const name of ['script', 'img', 'a', 'b', 'link', 'iframe']) assert.not.ok(names.has(name), name)
  }
})

test('the page takes its own two styles and nothing else', () => {
  const page = renderHtml(hostile)
  const styles = [...page.matchAll(/<style>([^]*?)<\/style>/g)].map(([, style = '']) => style.replaceAll('&quot;', '"'))
  const hashes = styles.map(style => `'sha256-${createHash('sha256').update(style).digest('base64')}'`)
  assert.is(styles.length, 2)
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'")
  assert.is(policy, `default-src 'none'; style-src ${hashes.join(' ')}`)
})

test('every text colour can be read on every ground, in light and dark', () => {
  for (const palette of Object.values(palettes)) {
    for (const text of [palette.text, palette.muted, palette.allowed, palette.possibly, palette.cut, palette.open]) {
      for (const ground of [palette.canvas, palette.surface]) assert.ok(contrast(text, ground) >= 4.5, `${text} on ${ground}`)
    }
    for (const text of [palette.text, palette.muted]) assert.ok(contrast(text, palette.head) >= 4.5, `${text} on head`)
  }
})

test('verdicts differ in line and word, not in colour alone', () => {
  const svg = renderSvg(typical)
  for (const [name, style] of [
    ['possibly', 'stroke-dasharray:9 5'],
    ['cut', 'stroke-linecap:round'],
  ] as const) {
    assert.ok(svg.includes(`.line.${name}{`) && svg.includes(style), name)
    assert.match(svg, new RegExp(`>${name} \\d+/TCP<`))
  }
  assert.match(svg, />allowed 9443\/TCP</)
})

test('Markdown: cells stay cells, and fences hold', () => {
  const written = renderMarkdown(hostile)
  const rows = written.split('\n').filter(line => /^\| [✓~✗◦]/.test(line))
  assert.is(rows.length, 24)
  for (const line of rows) assert.is(line.replace(/\\[^]/g, '').match(/\|/g)?.length, 8, line)
  assert.not.match(
    written
      .replace(/^(`{3,})yaml\n[^]*?\n\1$/gm, '')
      .replace(/\\[^]/g, '')
      .replaceAll('<br>', ''),
    /<\w|`|\]\(|:\/\//,
  )
})

test('Mermaid: texts are words and character references', () => {
  for (const matrix of all) {
    for (const [index, line] of renderMermaid(matrix).trimEnd().split('\n').entries()) {
      if (index === 0) assert.is(line, 'flowchart LR')
      else assert.match(line.trim().replace(/"(?:[\p{L}\p{M}\p{N} ,./()=-]|#\d+;|<br\/>)*"/gu, '""'), statement)
    }
  }
})

/** A node, an edge, a subgraph or the style of edges, once what is quoted is taken out. */
const statement = /^(?:\w+\[""\]|\w+(?:\(\[""\]\))? (?:-->|-\.-x|---o)\|""\| \w+(?:\(\[""\]\))?|subgraph \w+\[""\]|end|linkStyle [\d,]+ [\w#:, -]+)$/

function inspect(svg: string): void {
  for (const name of elementsOf(svg)) assert.ok(allowed.has(name), name)
  assert.not.match(svg, /NaN|Infinity|undefined/)
}

function elementsOf(xml: string): Set<string> {
  const names = new Set<string>()
  const parser = new SaxesParser()
  parser.on('error', error => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    names.add(name)
    for (const key of Object.keys(attributes)) assert.not.match(key, /^(?:on|href|src|style$)/)
  })
  parser.write(xml).close()
  return names
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(start => {
    const part = Number.parseInt(colour.slice(start, start + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

test.run()
