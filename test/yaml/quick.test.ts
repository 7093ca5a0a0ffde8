import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { present } from '../helpers/json.ts'
import { nastyStreams } from '../helpers/nasty.ts'
import { often } from '../helpers/often.ts'
import { repository } from '../helpers/program.ts'
import { agree } from '../helpers/readers.ts'
import { documents } from '../helpers/text.ts'
import { styles } from '../helpers/yaml-texts.ts'

test('the quick reader says what the full one says of every document of the fixtures, or nothing', () => {
  let answered = 0
  const texts = fixtures()
    .flatMap(file => documents(readFileSync(file, 'latin1')))
    .map(text => Buffer.from(text, 'latin1').toString())
  for (const text of texts) if (agree(text)) answered++
  assert.ok(answered > texts.length * 0.8, `${answered} of ${texts.length} were read quickly`)
})

test('the quick reader says what the full one says of generated YAML, or nothing', () => {
  fc.assert(
    fc.property(present, styles, (json, style) => {
      agree(stringify(json, style))
    }),
    often(1500),
  )
})

test('the quick reader says what the full one says of generated YAML with Windows line ends, or nothing', () => {
  fc.assert(
    fc.property(present, styles, (json, style) => {
      agree(stringify(json, style).replaceAll('\n', '\r\n'))
    }),
    often(500),
  )
})

test('the quick reader refuses, or leaves alone, what the full one refuses', () => {
  fc.assert(
    fc.property(nastyStreams, stream => documents(stream.toString('latin1')).forEach(text => agree(text))),
    often(2000),
  )
})

const disputed: readonly (readonly [string, string])[] = [
  ['a list item among keys', 'a: 1\n- b: 2\n'],
  ['a document on the line of a separator', '--- a: 1\n'],
  ['a key after a value on the next line', 'a:\n  b\n c: 1\n'],
  ['a key given twice', 'a: 1\na: 2\n'],
  ['a merge key', 'a: {b: 1}\n<<: {c: 2}\n'],
  ['a tab for indentation', 'a:\n\tb: 1\n'],
  ['a quoted scalar over two lines', 'a: "b\n  c"\n'],
  ['a plain scalar over two lines', 'a: b\n  c\n'],
  ['a literal with its own indentation', 'a: |2\n   b\n'],
  ['a literal with leading blank lines', 'a: |\n\n\n  b\n'],
  ['a literal that ends in spaces', 'a: |\n  b\n   \n  \nc: d\n'],
  ['a literal that keeps its end', 'a: |+\n  b\n\n\nc: d\n'],
  ['a literal without text', 'a: |\nb: c\n'],
  ['a literal in a list', '- |\n a\n b\n- c\n'],
  ['a literal with a comment behind it', 'a: |\n  b\n# c\nd: e\n'],
  ['a comment right behind a quote', "a: 'b'#c\n"],
  ['a value that looks like a comment', 'a: b#c\n'],
  ['an empty value before a deeper comment', 'a:\n    # c\nb: d\n'],
  ['a list at the column of its key', 'a:\n- b\n- c\nd: e\n'],
  ['lists in lists', '- - a\n  - b\n-\n  - c\n'],
  ['a mapping behind a dash', '-   a: 1\n    b: 2\n'],
  ['a list item that is a key with a dash', '-a: 1\n'],
  ['flow collections with nothing in them', 'a: {}\nb: []\nc: [[], {}]\n'],
  ['a flow mapping without values', 'a: {b, c: d}\n'],
  ['a flow collection that goes on', 'a: [b,\n  c]\n'],
  ['a trailing comma', 'a: [b, ]\n'],
  ['an address in a flow list', 'a: [10.0.0.0/8, "::/0"]\n'],
  ['a colon in a flow scalar', 'a: [b:c, d: e]\n'],
  ['escapes of YAML that JSON has not', 'a: "\\x41\\e"\n'],
  ['escapes that JSON has', 'a: "\\u0041\\n\\/\\ud83d\\ude00"\n'],
  ['a single quote in single quotes', "a: 'it''s'\n"],
  ['characters beyond the basic plane', 'a: 😀\n'],
  ['nothing at all', ''],
  ['a scalar document', 'a\n'],
  ['null for a document', '~\n'],
]

for (const [says, text] of disputed) {
  test(`${says} is read alike, or left to the full reader`, () => {
    agree(text)
    agree(text.replaceAll('\n', '\r\n'))
    agree(text.trimEnd())
  })
}

test.run()

function fixtures(): string[] {
  const cases = join(repository, 'test/cases')
  const inputs = readdirSync(cases, { recursive: true, withFileTypes: true })
    .filter(entry => entry.name.endsWith('.yaml'))
    .map(entry => join(entry.parentPath, entry.name))
  return [join(repository, 'test/fixtures/stageset.yaml'), ...inputs]
}
