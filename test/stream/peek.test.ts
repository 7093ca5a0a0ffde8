import { test } from 'uvu'
import * as assert from 'uvu/assert'
import fc from 'fast-check'
import { parseAllDocuments } from 'yaml'
import { peek } from '../../src/stream/peek.ts'
import { split } from '../../src/stream/split.ts'
import { nastyStreams } from '../helpers/nasty.ts'
import { often } from '../helpers/often.ts'

const kinds: readonly (readonly [string, string, string])[] = [
  ['a kind on a line of its own is seen', 'apiVersion: v1\nkind: Service\nmetadata: {}\n', 'Service'],
  ['a kind on the first line is seen', 'kind: Service\n', 'Service'],
  ['a kind behind comments is seen', '---\n# Source: x\n\nkind: Service # here\nspec: {}\n', 'Service'],
  ['a kind at the end of the input is seen', 'apiVersion: v1\nkind: Service', 'Service'],
  ['a kind with a carriage return is seen', 'apiVersion: v1\r\nkind: Service\r\nspec: {}\r\n', 'Service'],
  ['a kind after a long mapping is seen', `apiVersion: v1\ndata:\n${'  key: value\n'.repeat(100)}kind: Service\n`, 'Service'],
  ['a kind of one letter before a comment is seen', '---\napiVersion: v1\nkind: A #\nmetadata: {}\n', 'A'],
  ['a kind behind several spaces is seen', 'a: b\nkind:   Service\n', 'Service'],
  ['a kind behind a separator with a comment is seen', '---  # a\nkind: Service\n', 'Service'],
  ['a kind behind a separator with a space is seen', '--- \nkind: Service\n', 'Service'],
  ...['a: b\n', 'A9:  b.c/d-e_f \n', 'a: b\r\n', 'a: b\t\n', '\n', ' \t\n', '\r\n', '# c\n', '  #\r\n'].map(
    line => [`a quoted key behind a kind is none before it: ${JSON.stringify(line)}`, `x: y\n${line}kind: Service\n"metadata": {}\n`, 'Service'] as const,
  ),
]

for (const [says, text, kind] of kinds) test(says, () => assert.equal(peek(Buffer.from(text)), { is: 'kind', kind }))

const unsures: readonly (readonly [string, string])[] = [
  ['JSON is left to a parser', '{"kind":"Service"}\n'],
  ['a quoted key is left to a parser', 'apiVersion: v1\n"kind": Service\n'],
  ['an explicit key is left to a parser', 'a: b\n? kind\n: Service\n'],
  ['a tag is left to a parser', '!!map\nkind: Service\n'],
  ['a quoted kind is left to a parser', 'kind: "Service"\n'],
  ['a kind given twice is left to a parser', 'kind: Service\nkind: Job\n'],
  ['a kind on two lines is left to a parser', 'kind: Service\n  and more\n'],
  ['a document without a kind is left to a parser', 'a: b\n'],
  ['content on the separator is left to a parser', '--- {kind: Service}\n'],
  ['a byte order mark is left to a parser', '\ufeffkind: Service\n'],
  ['a byte order mark behind the first line is left to a parser', '# a\n\ufeff# b\n'],
  ['a byte order mark behind a space is left to a parser', ' \ufeff# a\n'],
  ['content between dashes is left to a parser', '--- a ---\nkind: Service\n'],
  ['a kind on two lines behind the usual ones is left to a parser', '---\napiVersion: v1\nkind: Service\n  and more\n'],
  ['a word where a kind would be is left to a parser', 'abcd: Foo\n'],
  ['a kind that is no word is left to a parser', '---\napiVersion: v1\nkind: ~\nmetadata: {}\n'],
  ['a kind given twice behind the usual lines is left to a parser', '---\napiVersion: v1\nkind: Service\nmetadata: {}\nkind: Job\n'],
  ['a kind given twice at once is left to a parser', '---\napiVersion: v1\nkind: Service\nkind: Job\n'],
  ...['"kind": Job', "'kind': Job", '? kind', '!!str kind: Job', '&a kind: Job', '*a : Job'].map(
    key => [`a key in another spelling is left to a parser: ${key}`, `a:\n  b: c\n${key}\nkind: Service\n`] as const,
  ),
]

for (const [says, text] of unsures) test(says, () => assert.equal(peek(Buffer.from(text)), { is: 'unsure' }))

test('a document of comments is empty', () => assert.equal(peek(Buffer.from('---\n# a\n   \n')), { is: 'empty' }))

test('a byte order mark before comments is nothing', () => assert.equal(peek(Buffer.from('\ufeff# a\n')), { is: 'empty' }))

test('of a stream no more is looked at than the document', () => {
  const usual = (kind: string): string => `---\n# Source: a/${kind}.yaml\napiVersion: v1\nkind: ${kind}\nmetadata: {}\n`
  const stream = Buffer.from(`${usual('Service')}${usual('Job')}kind: Pod\n${usual('Secret')}`)
  assert.equal(
    split(stream).map(segment => peek(stream, segment)),
    [{ is: 'kind', kind: 'Service' }, { is: 'unsure' }, { is: 'kind', kind: 'Secret' }],
  )
})

test('a kind that is told is the kind that a parser finds', () => {
  fc.assert(
    fc.property(nastyStreams, stream => {
      for (const { start, end } of split(stream)) {
        const bytes = stream.subarray(start, end)
        const seen = peek(bytes)
        const documents = [parseAllDocuments(bytes.toString(), { version: '1.1', uniqueKeys: false, logLevel: 'silent' })].flat()
        // Of what the parser refuses there is nothing to compare; a carriage return alone ends a line for Go's, not for this one.
        if (seen.is === 'unsure' || /\r(?!\n)/.test(bytes.toString()) || documents.some(({ errors }) => errors.length > 0)) continue
        if (seen.is === 'empty')
          assert.ok(
            documents.every(document => document.contents === null || document.toJS() === null),
            JSON.stringify(bytes.toString()),
          )
        // A kind that goes on after a blank line is no kind of any API, so its first word may be told.
        else
          assert.ok(
            documents.some(document => String(document.get('kind')).split(/\s/)[0] === seen.kind),
            JSON.stringify(bytes.toString()),
          )
      }
    }),
    often(2000),
  )
})

test.run()
