import * as fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Matrix } from '../../src/explain/matrix.ts'
import type { Box } from '../../src/explain/svg/graph.ts'
import { placeLanes } from '../../src/explain/svg/layout.ts'
import type { Placed } from '../../src/explain/svg/layout.ts'
import { lanesOf } from '../../src/explain/svg/model.ts'
import { fonts } from '../../src/explain/svg/style.ts'
import type { Font } from '../../src/explain/svg/text.ts'
import { measure } from '../../src/explain/svg/text.ts'
import { wrapWords } from '../../src/explain/wrap.ts'
import { anyMatrix, text } from './arbitrary.ts'
import { empty, hostile, nothing, open, twenty, typical } from './matrices.ts'
import { often } from '../helpers/often.ts'

test('nothing covers anything else, and all of it is inside its lane', () => {
  for (const matrix of [typical, open, twenty, empty, nothing, hostile]) inspect(matrix)
})

test('nothing covers anything else, for any matrix', () => {
  fc.assert(fc.property(anyMatrix, inspect), often(100))
})

test('flows keep the order of the matrix from top to bottom', () => {
  for (const { sides } of placed(typical)) {
    const [inbound, outbound] = sides.map(({ wires }) => wires.toSorted((one, other) => one.pinBox.y - other.pinBox.y).map(({ pin }) => pin.whole))
    assert.equal(inbound, ['webhook', 'metrics', 'gate', 'health'])
    assert.equal(outbound, ['dns', 'apiserver', 'source-controller', 'bucket', 'otlp'])
  }
})

test('lines are level where every party has one flow', () => {
  for (const { sides } of placed(typical)) {
    for (const { partyBox, labelBox, pinBox } of sides.flatMap(({ wires }) => wires)) {
      assert.is(middle(partyBox), middle(labelBox))
      assert.is(middle(partyBox), middle(pinBox))
    }
  }
})

test('columns stand below each other in every lane', () => {
  const whole = placed(twenty).filter(({ sides }) => sides.every(({ wires }) => wires.length > 0))
  assert.is(new Set(whole.map(({ card }) => `${card.x} ${card.width}`)).size, 1)
})

test('a party that has several flows is drawn once', () => {
  const [flow] = typical.workloads[0]?.flows ?? []
  if (flow === undefined) throw new Error('no flow')
  const flows = [flow, { ...flow, row: 'metrics', party: 'Prometheus' }, { ...flow, row: 'service', ports: ['80/TCP'] }]
  const [lane] = placed({ ...typical, workloads: [{ workload: 'Deployment a', policy: 'NetworkPolicy a', egressLocked: true, flows }] })
  const [inbound] = lane?.sides ?? []
  assert.is(inbound?.parties.length, 2)
  assert.is(inbound?.wires.map(({ pin }) => pin.whole).join(' '), 'webhook service metrics')
})

test('wrapping loses nothing and keeps to the width', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 3, max: 60 }), (text, width) => {
      const lines = wrapWords(text, line => [...line].length <= width)
      assert.is(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''))
      for (const line of lines) assert.ok([...line].length <= width)
    }),
  )
})

test('only words that no line holds are broken, after punctuation where there is some', () => {
  const lines = (text: string, width: number): string[] => wrapWords(text, line => line.length <= width)
  assert.equal(lines('one two three', 7), ['one two', 'three'])
  assert.equal(lines('to otel.example.com:4317 now', 14), ['to', 'otel.example.', 'com:4317 now'])
  assert.equal(lines('default/notification-controller', 16), ['default/', 'notification-', 'controller'])
  assert.equal(lines('9292/TCP (http-webhook)', 12), ['9292/TCP', '(http-', 'webhook)'])
  assert.equal(lines('a-notification', 8), ['a-notifi', 'cation'])
  assert.equal(lines('notification-controller', 8), ['notifica', 'tion-', 'controll', 'er'])
  assert.equal(lines('', 5), [''])
})

function placed(matrix: Matrix): readonly Placed[] {
  return placeLanes(lanesOf(matrix))
}

function inspect(matrix: Matrix): void {
  for (const lane of placed(matrix)) {
    inspectBoxes(lane)
    for (const { parties, wires } of lane.sides) {
      for (const { who, peers, box } of parties)
        for (const [texts, font] of [
          [who, fonts.who],
          [peers, fonts.small],
        ] as const)
          holds(box, texts.lines, font)
      for (const { label, pin, labelBox, pinBox } of wires)
        for (const [box, texts] of [
          [labelBox, label],
          [pinBox, pin],
        ] as const)
          holds(box, texts.lines, fonts.small)
    }
  }
}

function inspectBoxes({ card, headHeight, sides, top, width, height }: Placed): void {
  const wires = sides.flatMap(side => side.wires)
  const pins = wires.map(({ pinBox }) => pinBox)
  const separate = [
    ...sides.flatMap(({ parties }) => parties.map(({ box }) => box)),
    ...wires.map(({ labelBox }) => labelBox),
    ...pins,
    { ...card, height: headHeight },
  ]
  separate.forEach((one, index) => {
    for (const other of separate.slice(index + 1)) assert.not.ok(overlap(one, other), `${JSON.stringify(one)} ${JSON.stringify(other)}`)
  })
  for (const box of [...separate, card]) assert.ok(inside(box, { x: 0, y: top, width, height }), 'outside its lane')
  for (const pin of pins) assert.ok(inside(pin, card), 'a pin off its card')
}

function holds({ width }: Box, lines: readonly string[], font: Font): void {
  for (const line of lines) assert.ok(measure(line, font) < width, line)
}

function overlap(one: Box, other: Box): boolean {
  const beside = one.x + one.width > other.x + slack && other.x + other.width > one.x + slack
  return beside && one.y + one.height > other.y + slack && other.y + other.height > one.y + slack
}

function inside(box: Box, whole: Box): boolean {
  const right = box.x + box.width <= whole.x + whole.width + slack
  const bottom = box.y + box.height <= whole.y + whole.height + slack
  return box.x >= whole.x - slack && box.y >= whole.y - slack && right && bottom
}

const slack = 0.01

function middle({ y, height }: Box): number {
  return y + height / 2
}

test.run()
