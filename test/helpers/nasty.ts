import fc from 'fast-check'

/** Pieces that a careless splitter, peeker or reader trips over. */
const fragments = [
  '---',
  '---\n',
  '--- ',
  '---\t',
  '---x',
  '----\n',
  ' ---\n',
  '...\n',
  '...',
  '\n',
  '\r\n',
  '\r',
  ' ',
  '\t',
  '\ufeff',
  '%YAML 1.1\n',
  '%',
  '# ---\n',
  '#',
  'kind: Deployment\n',
  'kind: Service\n',
  '"kind": Job\n',
  'kind: "Deployment"\n',
  'kind:\n',
  'kind: |\n',
  '  kind: x\n',
  '? kind\n',
  '!!str kind: x\n',
  '*a : b\n',
  '&a ',
  'apiVersion: apps/v1\n',
  'metadata:\n',
  '  name: app\n',
  'text: |\n',
  '  ---\n',
  '  a\n',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '{"kind":"List","items":[]}\n',
  'a: b\n',
  '- ',
  ': ',
  '\0',
  '\u2028',
]

/** Bytes made of such pieces and of noise. */
export const nastyStreams: fc.Arbitrary<Buffer> = fc
  .array(
    fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...fragments).map(text => Buffer.from(text)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 4 }).map(bytes => Buffer.from(bytes)) },
    ),
    { maxLength: 40 },
  )
  .map(pieces => Buffer.concat(pieces))
