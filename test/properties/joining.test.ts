import { test } from 'uvu'
import * as assert from 'uvu/assert'
import fc from 'fast-check'
import { split } from '../../src/stream/split.ts'
import { nastyStreams } from '../helpers/nasty.ts'
import { often } from '../helpers/often.ts'
import { parsed } from '../helpers/parsed.ts'
import { parserSeparators, separatorsIn } from '../helpers/separators.ts'
import { byteOrderMark } from '../helpers/text.ts'
import { yamlStreams } from '../helpers/yaml-texts.ts'

/** Where a stream is cut: nothing is lost, and each cut is where YAML and Helm have it too. */

const streams: fc.Arbitrary<Buffer> = fc.oneof(
  nastyStreams,
  yamlStreams.map(text => Buffer.from(text)),
)

/** Text that is valid YAML, most of it; the parser takes marks within a stream for the start of a document, Go's splitters do not. */
const texts: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 3, arbitrary: yamlStreams },
    nastyStreams.map(bytes => bytes.toString()),
  )
  .filter(text => !text.includes('\ufeff', 1))

test('segments joined are the stream, whatever its bytes', () => {
  fc.assert(
    fc.property(streams, stream => {
      const segments = split(stream)
      assert.ok(Buffer.concat(segments.map(({ start, end }) => stream.subarray(start, end))).equals(stream))
      segments.forEach(({ index, start, end }, at) => assert.ok(index === at && end > start))
    }),
    often(400),
  )
})

test('a segment begins with its separator line or with the directives before it, and holds no other separator', () => {
  fc.assert(
    fc.property(streams, stream => {
      const [opening = '', ...others] = segmentsOf(stream).map(({ text }) => text)
      assert.ok(separatorsIn(opening).length <= 1, opening)
      for (const segment of others) {
        assert.match(segment, /^(?:%[^\n]*\n(?:(?:%[^\n]*|[ \t]*(?:#[^\n]*)?\r?)\n)*)?---(?:[ \t\r\n]|$)/)
        assert.is(separatorsIn(segment).length, 1, segment)
      }
    }),
    often(400),
  )
})

test('where YAML is valid, a stream is cut at just the separators that a parser sees', () => {
  holdsOfValid(text => assert.equal(cutsOf(Buffer.from(text)), parserSeparators(text), JSON.stringify(text)))
})

test('where YAML is valid, the segments say what the stream says', () => {
  holdsOfValid((text, said) => {
    const segments = segmentsOf(Buffer.from(text)).map(segment => parsed(Buffer.from(segment.text, 'latin1').toString()))
    assert.equal(
      segments.flatMap(documents => documents ?? ['no YAML']),
      said,
      JSON.stringify(text),
    )
  })
})

/** `(?m)^---[ \t]*`: pkg/release/v1/util/manifest.go, Helm 4.2. */
const helm4 = /(?:^|(?<=\n))---[ \t]*/g
/** `(?:^|\s*\n)---\s*`: pkg/releaseutil/manifest.go, Helm 3.21. */
const helm3 = /(?:^|[\t\n\f\r ]*\n)---[\t\n\f\r ]*/g

test('Helm 4 cuts at the same lines, and at those that only begin like one', () => {
  fc.assert(
    fc.property(streams, stream => {
      // It takes blanks off the front of a stream first, which makes a line of an indented separator; no document is before that.
      const { text, from } = behindMark(stream)
      const helm = [...text.matchAll(helm4)].map(({ index }) => from + index)
      assert.equal(
        cutsOf(stream),
        helm.filter(at => /^---(?:[ \t\r\n]|$)/.test(stream.toString('latin1', at, at + 4))),
      )
    }),
    often(400),
  )
})

test('Helm 3 cuts at the same lines, but for those that begin like one and for a second separator in a row', () => {
  fc.assert(
    fc.property(streams, stream => {
      const { text, from } = behindMark(stream)
      const helm = [...text.matchAll(helm3)].map(({ 0: all, index }) => from + index + all.indexOf('---'))
      const second = (at: number): boolean => /---[\t\n\f\r ]*\n$/.test(stream.toString('latin1', 0, at))
      const ours = cutsOf(stream)
      assert.equal(
        ours.filter(at => !helm.includes(at) && !second(at)),
        [],
      )
      assert.equal(
        helm.filter(at => !ours.includes(at) && /^---(?:[ \t\r\n]|$)/.test(stream.toString('latin1', at, at + 4))),
        [],
      )
    }),
    often(400),
  )
})

test.run()

/** The segments, one character a byte, without a mark that opens the stream. */
function segmentsOf(stream: Buffer): { readonly text: string; readonly start: number }[] {
  const all = split(stream).map(({ start, end }) => ({ text: stream.toString('latin1', start, end), start }))
  return byteOrderMark.test(all[0]?.text ?? '') ? all.slice(1) : all
}

/** Offsets of the separator lines that open segments. */
function cutsOf(stream: Buffer): number[] {
  return segmentsOf(stream).flatMap(({ text, start }) =>
    separatorsIn(text)
      .slice(0, 1)
      .map(at => start + at),
  )
}

/** Tries what must hold of valid YAML, and sees to it that there was enough. */
function holdsOfValid(holds: (text: string, said: readonly string[]) => void): void {
  let [valid, tried] = [0, 0]
  fc.assert(
    fc.property(texts, text => {
      tried++
      const said = parsed(text)
      if (said === undefined) return
      valid++
      holds(text, said)
    }),
    often(400),
  )
  assert.ok(valid > tried / 2, `${valid} of ${tried} were valid`)
}

/** One character a byte, from behind a mark: Go's expressions for the start of a text do not see past it. */
function behindMark(stream: Buffer): { readonly text: string; readonly from: number } {
  const text = stream.toString('latin1')
  const from = byteOrderMark.test(text) ? 3 : 0
  return { text: text.slice(from), from }
}
