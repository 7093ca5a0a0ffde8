import { test } from 'uvu'
import * as assert from 'uvu/assert'
import fc from 'fast-check'
import { holdsDocuments, split } from '../../src/stream/split.ts'
import { nastyStreams } from '../helpers/nasty.ts'

const rows: readonly (readonly [string, string, readonly string[]])[] = [
  ['nothing has no segments', '', []],
  ['a bare document is one segment', 'a: 1\n', ['a: 1\n']],
  ['a separator opens a segment', '---\na: 1\n---\nb: 2\n', ['---\na: 1\n', '---\nb: 2\n']],
  ['a separator may carry content', 'a: 1\n--- b\n---\tc\n', ['a: 1\n', '--- b\n', '---\tc\n']],
  ['a separator may end the input', 'a: 1\n---', ['a: 1\n', '---']],
  ['a separator may end with a carriage return', 'a: 1\r\n---\r\nb: 2', ['a: 1\r\n', '---\r\nb: 2']],
  ['dashes with more behind them are text', 'a: 1\n----\n---x\n --- \n', ['a: 1\n----\n---x\n --- \n']],
  ['a separator ends even a block scalar', 'a: |\n  x\n---\n  y\n', ['a: |\n  x\n', '---\n  y\n']],
  [
    'directives go with the document behind them',
    '%YAML 1.1\n---\na\n...\n%TAG ! x\n%YAML 1.1\n---\nb\n',
    ['%YAML 1.1\n---\na\n...\n', '%TAG ! x\n%YAML 1.1\n---\nb\n'],
  ],
  ['a percent sign in text is no directive', 'a: "\n%x\n"\n---\nb\n', ['a: "\n%x\n"\n', '---\nb\n']],
]

for (const [says, stream, expected] of rows) test(says, () => assert.equal(parts(Buffer.from(stream)), expected))

test('what was split joins to the same bytes, whatever they are', () => {
  fc.assert(
    fc.property(nastyStreams, stream => {
      const segments = split(stream)
      assert.ok(Buffer.concat(segments.map(({ start, end }) => stream.subarray(start, end))).equals(stream))
      segments.forEach(({ index, start, end }, at) => assert.ok(index === at && end > start))
    }),
    { numRuns: 1000 },
  )
})

test('comments and blank lines are no document', () => {
  for (const stream of ['', '\n', '---\n', '# x\n---\n  # y\n\n--- # z\n']) assert.is(holds(stream), false, JSON.stringify(stream))
  for (const stream of ['a', '---\n#\n---\n{}', '--- a\n']) assert.is(holds(stream), true, JSON.stringify(stream))
})

test.run()

function parts(stream: Buffer): string[] {
  return split(stream).map(({ start, end }) => stream.toString('utf8', start, end))
}

function holds(stream: string): boolean {
  const bytes = Buffer.from(stream)
  return holdsDocuments(bytes, split(bytes))
}
