import * as fc from 'fast-check'
import { eastAsianWidth } from 'get-east-asian-width'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { adviceOf, pasteOf } from '../../src/explain/cells.ts'
import type { Matrix } from '../../src/explain/matrix.ts'
import { renderTable } from '../../src/explain/table.ts'
import { anyMatrix } from './arbitrary.ts'
import { empty, hostile, nothing, open, twenty, typical } from './matrices.ts'
import { often } from '../helpers/often.ts'

test('no line is wider than the terminal, but of blocks to paste', () => {
  for (const matrix of [typical, open, twenty, empty, nothing, hostile]) {
    for (const width of [24, 40, 60, 79, 80, 81, 100, 120, 160, 200, 300]) fits(matrix, width)
  }
})

test('no line is wider than the terminal, for any matrix', () => {
  fc.assert(fc.property(anyMatrix, fc.integer({ min: 24, max: 220 }), fits), often(150))
})

test('colour is there only when asked for, and nothing is told by it alone', () => {
  for (const matrix of [typical, hostile]) {
    for (const width of [60, 120, 200]) {
      const plain = renderTable(matrix, { width, color: false })
      const coloured = renderTable(matrix, { width, color: true })
      assert.not.match(plain, /\x1b/)
      assert.match(coloured, /\x1b\[\d+m/)
      assert.is(unpadded(coloured.replace(/\x1b\[[\d;]*m/g, '')), unpadded(plain))
    }
  }
})

test('a narrow terminal gets a list, a wide one everything side by side', () => {
  assert.match(renderTable(typical, { width: 60, color: false }), /^ {4}verdict +✗ cut$/m)
  assert.match(renderTable(typical, { width: 120, color: false }), /^ {2}WHO +LETS THROUGH +PORTS +VERDICT$/m)
  assert.match(renderTable(typical, { width: 200, color: false }), /^ {2}WHO .* VERDICT .* WHY$/m)
})

function fits(matrix: Matrix, width: number): void {
  const blocks = [pasteOf(matrix)?.block ?? '', ...matrix.diagnostics.map(diagnostic => adviceOf(diagnostic, undefined).block)]
  const pasted = new Set(blocks.flatMap(block => block.split('\n').map(line => `    ${line}`.trimEnd())))
  for (const line of renderTable(matrix, { width, color: false }).split('\n')) {
    if (!pasted.has(line)) assert.ok(columns(line) <= width, `${columns(line)} > ${width}: ${line}`)
  }
}

/** Format characters and marks take no room of their own. */
function columns(line: string): number {
  return [...line.replace(/[\p{Mn}\p{Me}\p{Cf}]/gu, '')].reduce((sum, character) => sum + eastAsianWidth(character.codePointAt(0) ?? 0), 0)
}

function unpadded(text: string): string {
  return text.replace(/ +$/gm, '')
}

test.run()
