import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { holdsDocuments, split } from '../../src/stream/split.ts'

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
  [
    'comments and blank lines stand among directives, and before them',
    '# a\n%YAML 1.1\n# b\n\n---\nc\n...\n\n# d\n%TAG ! x\n# e\n---\nf\n',
    ['# a\n', '%YAML 1.1\n# b\n\n---\nc\n...\n\n# d\n', '%TAG ! x\n# e\n---\nf\n'],
  ],
  ['a stream may begin with a line end', '\n---\na\n...\n%YAML 1.1', ['\n', '---\na\n...\n%YAML 1.1']],
  ['a percent sign behind a line that only begins like an end is text', '...a\n%x\n---\nb\n', ['...a\n%x\n', '---\nb\n']],
  ['comments behind a tab stand among directives', 'a\n...\n\t# b\n%YAML 1.1\n---\nc\n', ['a\n...\n\t# b\n', '%YAML 1.1\n---\nc\n']],
  ['blank lines with carriage returns do', 'a\r\n...\r\n\r\n%YAML 1.1\r\n\r\n---\r\nc\r\n', ['a\r\n...\r\n\r\n', '%YAML 1.1\r\n\r\n---\r\nc\r\n']],
  ...['b', ' b', '\rb'].map(line => [`text between: ${JSON.stringify(line)}`, `...\n%x\n${line}\n---\nc\n`, [`...\n%x\n${line}\n`, '---\nc\n']] as const),
  ['a percent sign behind a line of three letters is text', 'abc\n%x\n---\nb\n', ['abc\n%x\n', '---\nb\n']],
  ['a percent sign in text is no directive', 'a: "\n%x\n"\n---\nb\n', ['a: "\n%x\n"\n', '---\nb\n']],
]

for (const [says, stream, expected] of rows) test(says, () => assert.equal(parts(Buffer.from(stream)), expected))

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
