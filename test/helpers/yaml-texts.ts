import fc from 'fast-check'
import { stringify } from 'yaml'
import type { ToStringOptions } from 'yaml'
import { present } from './json.ts'

/** The ways in which one and the same data may be written. */
export const styles: fc.Arbitrary<ToStringOptions> = fc.record({
  indent: fc.integer({ min: 1, max: 4 }),
  indentSeq: fc.boolean(),
  singleQuote: fc.constantFrom(true, false, null),
  defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const, 'BLOCK_LITERAL' as const, 'BLOCK_FOLDED' as const),
  defaultKeyType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, null),
  collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
  lineWidth: fc.constantFrom(0, 20, 80),
  flowCollectionPadding: fc.boolean(),
  nullStr: fc.constantFrom('null', '~', ''),
  version: fc.constantFrom('1.1' as const, '1.2' as const),
})

/** Documents with something in them, one for each text; each ends with a line end. */
export const bodies: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: fc.tuple(present, styles).map(([json, style]) => stringify(json, style)) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'kind: ConfigMap\n',
      'a: |\n  ---\n  b\n',
      'a: |+\n  b\n\n\n',
      'a: >-\n  --- b\n\n  ...\n',
      'a: |\n # no comment\n b\n# a comment\n',
      'a: "b\n  --- c\n  %d"\n',
      "a: 'b\n\n  ...\n  c'\n",
      '---a: 1\n',
      '----: 1\n',
      'a\n---b\n%c\n',
      '- --- a\n- ...\n- a%b\n',
      '? a\n: b\n',
      '{"a":\n"---"}\n',
      '[ # ---\n  a,\n  b\n]\n',
      '!!map\na: !e b\n',
      'a: &a [b]\nc: *a\n',
      '"a\\\n  b"\n',
      'a:   # behind\n\n\n  b: 1   \n   \n',
    ),
  },
)

/** From a separator line to where the next document begins. */
const explicit: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom('---\n', '---\n', '--- \n', '---\t\n', '--- # comment ---\n', '---\n---\n', '---\n# Source: a/b.yaml\n'), bodies)
      .map(([separator, body]) => `${separator}${body}`),
  },
  fc.constantFrom(
    '---\n',
    '---\n# nothing\n',
    '---\n~\n',
    '--- a\n',
    '---\t[a]\n',
    '--- |\n  b\n',
    '--- {"kind": "ConfigMap"}\n',
    '--- "b\n  c"\n',
    '--- !!map\na: b\n',
  ),
)

const endings = fc.constantFrom('', '', '', '...\n', '... # end\n', '# end\n', '\n\n', '...\n...\n')
/** Directives are for the next document alone, and stand where none is open. */
const directed = fc
  .record({
    before: fc.constantFrom('', '', '# before\n', '\n', '\n \n# before\n'),
    line: fc.constantFrom('%YAML 1.2\n', '%TAG !e! tag:example.com,2026:\n', '%YAML 1.2\n# among\n%TAG !e! tag:example.com,2026:\n', '%UNKNOWN x\n'),
    between: fc.constantFrom('', '', '# between\n', '\n'),
    separator: fc.constantFrom('--- ', '---\n', '--- # comment\n'),
  })
  .map(({ before, line, between, separator }) => `${before}${line}${between}${separator}${line.includes('!e!') ? '!e!a' : 'a'}\n`)

const documents = fc.record({
  document: explicit,
  /** The same where no document is open. */
  directed: fc.oneof({ weight: 2, arbitrary: explicit }, directed),
  ending: endings,
  windows: fc.boolean(),
})

/** Streams of several documents in every form that YAML has for their borders; nearly all of them are valid. */
export const yamlStreams: fc.Arbitrary<string> = fc
  .record({
    opening: fc.constantFrom('', '', '# opening\n', '\n', '  # indented\n'),
    first: fc.option(bodies, { nil: '', freq: 2 }),
    rest: fc.array(documents, { maxLength: 5 }),
    mark: fc.boolean(),
    mixed: fc.boolean(),
    cut: fc.boolean(),
  })
  .map(({ opening, first, rest, mark, mixed, cut }) => {
    const pieces = rest.map(({ document, directed, ending, windows }, index) => {
      const isOpen = index === 0 ? first !== '' : rest[index - 1]?.ending.startsWith('...') === false
      const text = `${isOpen ? document : directed}${ending}`
      return mixed && windows ? text.replaceAll('\n', '\r\n') : text
    })
    const text = `${mark ? '\ufeff' : ''}${opening}${first}${pieces.join('')}`
    return cut ? text.replace(/\r?\n$/, '') : text
  })
