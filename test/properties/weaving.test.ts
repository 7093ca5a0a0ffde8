import { test } from 'uvu'
import * as assert from 'uvu/assert'
import fc from 'fast-check'
import { split } from '../../src/stream/split.ts'
import { weave } from '../../src/stream/weave.ts'
import { nastyStreams } from '../helpers/nasty.ts'
import { often } from '../helpers/often.ts'
import { parsed } from '../helpers/parsed.ts'
import { yamlStreams } from '../helpers/yaml-texts.ts'

/** What is put into a stream or taken out of it changes nothing of the rest: neither its bytes nor what they say. */

const insertions = fc.constantFrom('', '---\nours: 1\n', '---\n# why\nours: "1"\n---\nours:\n  - 2\n')

/** Which segments leave, and which one the documents stand before; numbers past the last segment mean none. */
const choices = fc.record({ removed: fc.array(fc.nat({ max: 5 }), { maxLength: 3 }), before: fc.option(fc.nat({ max: 5 }), { nil: undefined, freq: 4 }) })

const cases: fc.Arbitrary<Case> = fc
  .tuple(
    fc.oneof(
      nastyStreams,
      yamlStreams.map(text => Buffer.from(text)),
    ),
    insertions,
    choices,
  )
  .map(([stream, inserted, { removed, before }]) => {
    const texts = split(stream).map(({ start, end }) => stream.toString('latin1', start, end))
    // A mark stays the first of the stream: nothing is put before it, and it is no document to take out.
    const hasMark = texts[0] === mark
    const at = before !== undefined && before < texts.length && !(before === 0 && hasMark) ? before : undefined
    return { stream, texts, inserted, removed: new Set(removed.filter(index => index < texts.length && !(index === 0 && hasMark))), at }
  })

interface Case {
  readonly stream: Buffer
  readonly texts: readonly string[]
  readonly inserted: string
  readonly removed: ReadonlySet<number>
  readonly at: number | undefined
}

const mark = '\xef\xbb\xbf'

test('all bytes but those taken out are there, in order, with no more than a separator between new neighbours', () => {
  fc.assert(
    fc.property(cases, given => {
      const { texts, inserted, removed, at } = given
      const output = woven(given)
      const ours = `(?:${escaped(inserted)}|${escaped(inserted.replaceAll('\n', '\r\n'))})`
      let isNew = false
      const pattern = texts.map((text, index) => {
        const before = index === at ? ours : ''
        isNew ||= before !== '' && inserted !== ''
        if (removed.has(index)) {
          isNew = true
          return before
        }
        const piece = `${before}${isNew ? '(?:(?:---|\\.\\.\\.)\\r?\\n)?' : ''}${escaped(text)}`
        isNew = false
        return piece
      })
      const end = at === undefined && inserted !== '' ? `(?:\\r?\\n)?${ours}` : ''
      assert.ok(new RegExp(`^${pattern.join('')}${end}$`).test(output), JSON.stringify({ ...given, output }))
    }),
    often(300),
  )
})

test('where YAML is valid, every document says what it said, and ours stand where they were put', () => {
  let made = 0
  let tried = 0
  fc.assert(
    fc.property(cases, given => {
      made++
      const { stream, texts, inserted, removed, at = texts.length } = given
      // A carriage return alone, or a mark within the stream, is text to `yaml` and none to Go's parser; a line of a tab is a mistake to it where more follows.
      if (/\r(?!\n)|[^]\ufeff|^ *\t[ \t]*\r?$/m.test(stream.toString())) return
      const said = texts.map(text => parsed(utf8(text)))
      // They stand before a document, never before a comment.
      if (said.includes(undefined) || said[at]?.length === 0) return
      tried++
      const left = said.map((documents = [], index) => (removed.has(index) ? [] : documents))
      const expected = [...left.slice(0, at).flat(), ...(parsed(inserted) ?? []), ...left.slice(at).flat()]
      assert.equal(parsed(utf8(woven(given))), expected, JSON.stringify(given))
    }),
    often(300),
  )
  assert.ok(tried > made / 5, `only ${tried} of ${made} were valid`)
})

test.run()

/** One character a byte. */
function woven({ stream, inserted, removed, at }: Case): string {
  const segments = split(stream)
  return weave(stream, segments, { removed, inserted, before: at === undefined ? undefined : segments[at] }).toString('latin1')
}

function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString()
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
