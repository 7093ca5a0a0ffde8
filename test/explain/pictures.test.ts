import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { renderHtml } from '../../src/explain/html.ts'
import { renderMarkdown } from '../../src/explain/markdown.ts'
import type { Matrix } from '../../src/explain/matrix.ts'
import { renderMermaid } from '../../src/explain/mermaid.ts'
import { renderSvg } from '../../src/explain/svg.ts'
import { palettes } from '../../src/explain/svg/style.ts'
import { anyMatrix } from './arbitrary.ts'
import { empty, hostile, nothing, open, twenty, typical } from './matrices.ts'
import { often } from '../helpers/often.ts'

const all = [typical, open, twenty, empty, nothing, hostile]
const allowed = new Set('svg title desc style g rect path text'.split(' '))

test('the SVG is well-formed and holds nothing but shapes and text', () => {
  for (const matrix of all) inspect(renderSvg(matrix))
})

test('the SVG is well-formed for any matrix', () => {
  fc.assert(
    fc.property(anyMatrix, matrix => inspect(renderSvg(matrix))),
    often(100),
  )
})

test('the SVG has a wire for each flow, for any matrix', () => {
  fc.assert(
    fc.property(anyMatrix, matrix => {
      const expected = matrix.workloads.reduce((sum, { flows, egressLocked }) => sum + flows.length + (egressLocked ? 0 : 1), 0)
      assert.is(renderSvg(matrix).match(/class="wire /g)?.length ?? 0, expected)
    }),
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
  const inspect = (matrix: Matrix): void => {
    const xml = renderHtml(matrix).replace('<!doctype html>\n', '')
    const names = elementsOf(xml)
    for (const name of ['img', 'a', 'b', 'link', 'iframe', 'form', 'object']) assert.not.ok(names.has(name), name)
    assert.is(xml.match(/<script/g)?.length, 1)
  }
  for (const matrix of all) inspect(matrix)
  fc.assert(fc.property(anyMatrix, inspect), often(50))
})

test('the page takes its own two styles and its own script, and nothing else', () => {
  const page = renderHtml(hostile)
  const hashes = (name: string): string[] =>
    [...page.matchAll(new RegExp(`<${name}>([^]*?)</${name}>`, 'g'))].map(([, text = '']) => `'sha256-${hash(text.replaceAll('&quot;', '"'))}'`)
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'")
  assert.is(hashes('style').length, 2)
  assert.is(hashes('script').length, 1)
  const sources = `style-src ${hashes('style').join(' ')}; script-src ${hashes('script').join(' ')}`
  assert.is(policy, `default-src 'none'; ${sources}; base-uri 'none'; form-action 'none'`)
})

test('a page without its script lacks nothing but the copy buttons, which hide', () => {
  const page = renderHtml(typical)
  assert.is(page.match(/<button/g)?.length, 2)
  assert.is(page.match(/<button type="button" hidden="hidden">/g)?.length, 2)
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
  const signs = [...svg.matchAll(/<path d="([^"]*)" class="sign (\w+)"/g)].map(([, shape, verdict]) => `${verdict} ${shape}`)
  assert.is(new Set(signs).size, 4)
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
  for (const matrix of all) inspectMermaid(matrix)
  fc.assert(fc.property(anyMatrix, inspectMermaid))
})

test('Mermaid: every node is declared, and every edge has a style', () => {
  for (const matrix of all) {
    const written = renderMermaid(matrix)
    const edges = written.match(/(?:-->|-\.-x|---o)\|/g)?.length ?? 0
    const styled = [...written.matchAll(/linkStyle ([\d,]+) /g)].flatMap(([, numbers = '']) => numbers.split(',').map(Number))
    assert.equal(
      styled.toSorted((one, other) => one - other),
      Array.from({ length: edges }, (_, index) => index),
    )
    const declared = new Set([...written.matchAll(/(\w+)(?:\(\[|\[)"/g)].map(([, id]) => id))
    for (const [, id] of written.replace(/"[^"]*"/g, '""').matchAll(/\b(w\d+(?:in|out)?\d*)\b/g)) assert.ok(declared.has(id), id)
  }
})

function inspectMermaid(matrix: Matrix): void {
  for (const [index, line] of renderMermaid(matrix).trimEnd().split('\n').entries()) {
    if (index === 0) assert.is(line, 'flowchart LR')
    else assert.match(line.trim().replace(/"(?:[\p{L}\p{M}\p{N} ,./()=-]|#\d+;|<br\/>)*"/gu, '""'), statement)
  }
}

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

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64')
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
