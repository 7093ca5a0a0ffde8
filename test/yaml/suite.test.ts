import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { split } from '../../src/stream/split.ts'
import { readFully } from '../../src/yaml/full.ts'
import { YamlProblem } from '../../src/yaml/problem.ts'
import { toJson } from '../../src/yaml/tree.ts'
import { canonical } from '../helpers/json.ts'
import { parsed } from '../helpers/parsed.ts'
import { agree } from '../helpers/readers.ts'
import { runWith } from '../helpers/run.ts'
import { parserSeparators, separatorsIn } from '../helpers/separators.ts'
import { configMap, workload } from '../helpers/streams.ts'
import { documents } from '../helpers/text.ts'
import { suiteCases } from '../helpers/yaml-suite.ts'

/** Every case of the YAML test suite, as documents of a stream and as values. */

const valid = suiteCases.filter(({ fails }) => !fails)

/** What is read otherwise than YAML 1.2 has it, because Go's reader does so. */
const otherwise: Readonly<Record<string, string>> = {
  '565N': '!!binary is decoded',
  C4HZ: 'the key y is true',
}

/** YAML that is refused. */
const refused: Readonly<Record<string, string>> = {
  '2JQS': 'a key is given twice',
  ...Object.fromEntries(
    ['4FJ6', '6BFJ', '6PBE', '9MMW', 'KK5P', 'LX3P', 'M2N8/0', 'M2N8/1', 'M5DY', 'Q9WF', 'RZP5', 'SBG9', 'V9D5', 'X38W', 'XW4D'].map(id => [
      id,
      'a key is a list or a mapping, which JSON does not have',
    ]),
  ),
}

/** What is no YAML and is taken all the same: it holds nothing. */
const taken: Readonly<Record<string, string>> = {
  '9MMA': 'a directive without a document',
  SF5V: 'a directive given twice, without a document',
}

test('the suite is whole', () => {
  assert.equal([suiteCases.length, valid.length, suiteCases.filter(({ json }) => json !== undefined).length], [402, 308, 279])
})

test('a stream is cut where a case has a separator, and nowhere else', () => {
  for (const { id, yaml, events } of valid) {
    const stream = Buffer.from(yaml)
    const segments = split(stream).map(({ start, end }) => ({ start, separators: separatorsIn(stream.toString('latin1', start, end)) }))
    const cuts = segments.flatMap(({ start, separators }) => separators.slice(0, 1).map(at => start + at))
    assert.equal(cuts, parserSeparators(yaml), id)
    assert.is(cuts.length, events.match(/^ \+DOC ---/gm)?.length ?? 0, id)
    assert.ok(
      segments.every(({ start, separators }) => start === 0 || separators.length === 1),
      id,
    )
  }
})

test('the segments of a case say what the case says', () => {
  for (const { id, yaml } of valid) {
    const stream = Buffer.from(yaml)
    const segments = split(stream).map(({ start, end }) => parsed(stream.toString('utf8', start, end)))
    assert.equal(
      segments.flatMap(said => said ?? ['no YAML']),
      parsed(yaml),
      id,
    )
  }
})

/** Its directive is that of the document that is put behind it, and a policy goes before both. */
const directive = '9MMA'
const placed = suiteCases.filter(({ id }) => id !== directive)

test('a case among the documents of a chart keeps its bytes, before a policy and behind it', async () => {
  for (const { id, yaml } of placed) {
    const before = `${yaml}${yaml.endsWith('\n') ? '' : '\n'}`
    const behind = `${yaml.startsWith('%') ? '...\n' : separatorsIn(yaml)[0] === 0 ? '' : '---\n'}${yaml}`
    for (const [first, last] of [
      [before, configMap],
      // What only begins with directives belongs to the document before it.
      [configMap, `${configMap}${behind}`],
    ] as const) {
      const { output, inserted } = await protect(`${first}${workload()}${last}`)
      assert.is(output, `${first}${inserted}${workload()}${last}`, id)
    }
  }
})

test('a case that may matter is read: it passes if it can be, and else nothing does', async () => {
  for (const { id, yaml } of placed) {
    const first = `${yaml}${yaml.endsWith('\n') ? '' : '\n'}# Service\n`
    const isFine = documents(Buffer.from(first).toString('latin1')).every(
      text => !text.includes('Service') || isRead(Buffer.from(text, 'latin1').toString(), false),
    )
    const { output, inserted } = await protect(`${first}${workload()}`)
    assert.is(output, isFine ? `${first}${inserted}${workload()}` : undefined, id)
  }
})

test('what is no YAML is refused, and what is YAML is read', () => {
  for (const { id, yaml, fails } of suiteCases) assert.is(isRead(yaml, true), fails ? id in taken : !(id in refused), id)
})

test('what the quick reader says of a case is what the full one says', () => {
  let answered = 0
  for (const { yaml } of suiteCases)
    for (const text of documents(Buffer.from(yaml).toString('latin1'))) if (agree(Buffer.from(text, 'latin1').toString())) answered++
  assert.ok(answered > 50, `only ${answered} were read quickly`)
})

test('the full reader reads what the suite says', () => {
  for (const { id, yaml, json } of valid) {
    if (json === undefined || id in otherwise || id in refused) continue
    const trees = readFully({ name: id, text: yaml, firstLine: 0 }, { uniqueKeys: true })
    assert.equal(
      trees.map(tree => canonical(toJson(tree))),
      json.filter(document => document !== null).map(canonical),
      id,
    )
  }
})

test.run()

function isRead(text: string, uniqueKeys: boolean): boolean {
  try {
    return readFully({ name: 'a case', text, firstLine: 0 }, { uniqueKeys }).length >= 0
  } catch (problem) {
    if (problem instanceof YamlProblem) return false
    throw problem
  }
}

/** The policy of the one workload of a stream, and the stream with it. */
async function protect(stream: string): Promise<{ readonly output: string | undefined; readonly inserted: string }> {
  const { output, weaving } = await runWith(stream, { engine: 'kubernetes' })
  return { output: output?.toString(), inserted: weaving.inserted }
}
