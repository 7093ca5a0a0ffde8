import * as fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { formats } from '../../src/explain/formats.ts'
import type { Matrix } from '../../src/explain/matrix.ts'
import { hidden } from '../helpers/hostile.ts'
import { anyMatrix } from './arbitrary.ts'
import { empty, hostile, nothing, open, twenty, typical } from './matrices.ts'
import { often } from '../helpers/often.ts'

const matrices: Readonly<Record<string, Matrix>> = { typical, open, twenty, empty, nothing, hostile }
const space = { width: 100, color: false }

for (const [name, format] of Object.entries(formats)) {
  test(`${name}: every flow appears`, async () => {
    for (const matrix of [typical, open, twenty]) {
      const written = plain(await format.render(matrix, { width: 10_000, color: false }))
      for (const { workload, flows } of matrix.workloads) {
        for (const part of workload.split(/[ /]/)) assert.ok(written.includes(plain(part)), part)
        for (const { party, ports, verdict } of flows) {
          for (const text of [party, verdict, ...ports]) assert.ok(written.includes(plain(text)), `${workload}: ${text}`)
        }
      }
    }
  })

  test(`${name}: as many flows as there are`, async () => {
    const flows = typical.workloads.flatMap(workload => workload.flows)
    const written = await format.render(typical, { width: 10_000, color: false })
    assert.is(written.match(rowOf[name] ?? /$/g)?.length, flows.length)
  })

  test(`${name}: the same matrix gives the same text, which ends with one line end`, async () => {
    for (const matrix of Object.values(matrices)) {
      const written = await format.render(matrix, space)
      assert.is(await format.render(structuredClone(matrix), space), written)
      assert.match(written, /[^\n]\n$/)
    }
  })

  test(`${name}: nothing hidden, whatever a chart holds`, async () => {
    for (const matrix of Object.values(matrices)) {
      assert.not.match(await format.render(matrix, space), hidden)
    }
  })

  test(`${name}: nothing hidden, for any matrix`, async () => {
    const quiet = fc.asyncProperty(anyMatrix, async matrix => assert.not.match(await format.render(matrix, space), hidden))
    await fc.assert(quiet, often(60))
  })

  test(`${name}: says what it is, for the help text`, () => {
    assert.match(format.describe, /^[a-z].*[^.]$/)
  })
}

/** What each format writes once for a flow. */
const rowOf: Readonly<Record<string, RegExp>> = {
  table: /^ {2}\S.* [✓~✗◦] \w+ /gmu,
  json: /"verdict":/g,
  markdown: /^\| [✓~✗◦] /gmu,
  mermaid: /(?:-->|-\.-x|---o)\|/g,
  svg: /class="wire /g,
  html: /<td class="verdict /g,
}

test('blocks to paste are whole where there is text for them', async () => {
  const paste = typical.workloads[0]?.flows.find(flow => flow.paste !== undefined)?.paste ?? ''
  assert.ok(paste.length > 0)
  for (const name of ['table', 'markdown', 'html'] as const) {
    const written = await formats[name].render(typical, { width: 40, color: false })
    for (const line of paste.trimEnd().split('\n')) assert.ok(written.includes(line), `${name}: ${line}`)
  }
})

test('diagnostics are told, with a block that is not shown already', async () => {
  for (const name of ['table', 'markdown', 'html'] as const) {
    const written = await formats[name].render(typical, { width: 1000, color: false })
    for (const { code, message } of typical.diagnostics) assert.ok(written.includes(code) && written.includes(message), `${name}: ${code}`)
    assert.match(written, /Make the selectors disjoint/)
    assert.match(written, /^ *(?:<.*>)?networkPolicy:\n *controller: other/m)
    assert.is(written.match(/port: 4317/g)?.length, 1, name)
  }
})

test('what is said of the whole is said: default denies, counts, and what is wrong', async () => {
  for (const name of ['table', 'markdown', 'html', 'svg'] as const) {
    const written = await formats[name].render(typical, { width: 1000, color: false })
    assert.match(written, /covers every pod of namespace stage, inbound and outbound/)
    assert.match(written, /9 flows: 7 allowed, 1 possibly, 1 cut/)
    const refused = await formats[name].render(nothing, { width: 1000, color: false })
    assert.match(refused, /Something is wrong/)
    assert.match(refused, /do not enable the policies/)
    assert.match(refused, /No workload is covered/)
  }
})

test('a workload without flows says so', async () => {
  for (const name of ['table', 'markdown', 'html', 'svg'] as const) {
    const written = await formats[name].render(empty, { width: 100, color: false })
    assert.match(written, /nothing may call it/)
    assert.match(written, /it may call nothing/)
  }
})

test('JSON has its keys in one order, however the matrix was made', async () => {
  const [workload] = typical.workloads
  if (workload === undefined) throw new Error('no workload')
  const { flows, ...rest } = workload
  const turned = { diagnostics: typical.diagnostics, workloads: [{ flows: flows.map(({ party, ...flow }) => ({ ...flow, party })), ...rest }] }
  assert.is(await formats.json.render({ ...turned, ...typical, ...turned }, space), await formats.json.render(typical, space))
})

test('JSON is the matrix', async () => {
  const same = async (matrix: Matrix): Promise<void> => assert.equal(JSON.parse(await formats.json.render(matrix, space)), JSON.parse(JSON.stringify(matrix)))
  for (const matrix of Object.values(matrices)) await same(matrix)
  await fc.assert(fc.asyncProperty(anyMatrix, same))
})

/** As formats write it, without what only escapes: words and figures. */
function plain(text: string): string {
  return text
    .replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/<br\/?>|[\\\s]+/g, ' ')
    .replace(/ ([([])/g, '$1')
}

test.run()
