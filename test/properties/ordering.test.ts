import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import fc from 'fast-check'
import { parse } from 'yaml'
import type { Result } from '../../src/run.ts'
import { engineNames } from '../../src/values/schema.ts'
import type { JsonObject } from '../../src/yaml/tree.ts'
import { blocks, charts, valuesFile } from '../helpers/charts.ts'
import { often } from '../helpers/often.ts'
import { repository } from '../helpers/program.ts'
import { bytesOf, runWith } from '../helpers/run.ts'
import { withShuffledKeys, withShuffledLists } from '../helpers/shuffled.ts'
import { documents } from '../helpers/text.ts'

/** What has no order in its meaning has no effect by its order. */

const engines = fc.constantFrom(...engineNames)
const salts = fc.nat()

test('the same input gives the same output and the same messages', async () => {
  await fc.assert(
    fc.asyncProperty(charts, blocks, engines, async (stream, block, engine) => {
      const [one, other] = [await runWith(stream, { engine, values: valuesFile(block) }), await runWith(stream, { engine, values: valuesFile(block) })]
      assert.is(bytesOf(one), bytesOf(other))
      assert.equal(messages(one), messages(other))
    }),
    often(40),
  )
})

test('the keys of the values may stand in any order: the output is the same to the byte, but for what is copied from them', async () => {
  await fc.assert(
    fc.asyncProperty(charts, blocks, engines, salts, async (stream, block, engine, salt) => {
      const values = withoutPeers(block)
      const [one, other] = await both(stream, engine, valuesFile(values), withShuffledKeys({ networkPolicy: values }, salt))
      assert.is(bytesOf(other), bytesOf(one))
      assert.equal(messages(other).toSorted(), messages(one).toSorted())
    }),
    often(60),
  )
})

test('peers and the keys in them may stand in any order: the policies say the same', async () => {
  let tried = 0
  await fc.assert(
    fc.asyncProperty(charts, blocks, engines, salts, async (stream, block, engine, salt) => {
      const [one, other] = await both(stream, engine, valuesFile(block), withShuffledKeys({ networkPolicy: withShuffledLists(block, salt) }, salt))
      assert.equal(codes(other), codes(one))
      if (one.output === undefined) return
      tried++
      assert.equal(policies(other), policies(one), JSON.stringify({ stream, block }))
    }),
    often(60),
  )
  assert.ok(tried > 20, `only ${tried} had output`)
})

test('the documents of a chart may stand in any order: the policies say the same', async () => {
  const charts = ['fixtures/stageset.yaml', 'conformance/streams/metallb.yaml', 'conformance/streams/flagger.yaml'].map(file =>
    documents(readFileSync(join(repository, 'test', file), 'latin1')).map(document => document.replace(/^(?!---)/, '---\n').replace(/\n?$/, '\n')),
  )
  const orders = fc.constantFrom(...charts).chain(all => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))
  await fc.assert(
    fc.asyncProperty(orders, blocks, engines, async ([one, other], block, engine) => {
      // A default deny has the name of the first workload that it covers.
      const options = { engine, values: valuesFile({ ...block, controller: '*', defaultDeny: { enabled: false } }) }
      const results = [await runWith(Buffer.from(one.join(''), 'latin1'), options), await runWith(Buffer.from(other.join(''), 'latin1'), options)] as const
      assert.equal(codes(results[1]), codes(results[0]))
      assert.equal(sorted(policies(results[1])), sorted(policies(results[0])))
    }),
    often(24),
  )
})

test.run()

async function both(stream: string, engine: string, one: string, other: string): Promise<readonly [Result, Result]> {
  return [await runWith(stream, { engine, values: one }), await runWith(stream, { engine, values: other })]
}

function messages({ diagnostics }: Result): string[] {
  return diagnostics.map(({ code, severity, message, place }) => JSON.stringify([code, severity, message, place?.path]))
}

/** An item has another number when its list is in another order, so that words of messages differ. */
function codes({ diagnostics }: Result): string[] {
  return diagnostics.map(({ code }) => code).toSorted()
}

function withoutPeers({ metrics, additionalIngress, egress, ...rest }: JsonObject): JsonObject {
  return { ...rest, egress: { ...Object(egress), to: [] } }
}

/** What our policies say, in the stream's order but for that without any. */
function policies({ output }: Result): unknown[] {
  const ours = documents((output?.toString() ?? '').replace(/^\ufeff/, '')).filter(document => document.includes('helm-netpol/policy: '))
  return ours.map(document => unordered(parse(document)))
}

function sorted(all: readonly unknown[]): string[] {
  return all.map(one => JSON.stringify(one)).toSorted()
}

function unordered(json: unknown): unknown {
  // Calico's selectors: `a == 'b' && c in { 'd', 'e' }`.
  if (typeof json === 'string') {
    const sets = json.replace(
      /\{(.*?)\}/g,
      (_, items: string) =>
        `{${items
          .split(',')
          .map(item => item.trim())
          .toSorted()
          .join()}}`,
    )
    return sets.split(' && ').toSorted().join(' && ')
  }
  if (Array.isArray(json)) return json.map(item => JSON.stringify(unordered(item))).toSorted()
  if (typeof json !== 'object' || json === null) return json
  const entries: [string, unknown][] = Object.entries(json).map(([key, value]) => [key, unordered(value)])
  return entries.toSorted(([one], [other]) => (one < other ? -1 : 1))
}
