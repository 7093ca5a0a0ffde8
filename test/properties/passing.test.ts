import { test } from 'uvu'
import * as assert from 'uvu/assert'
import fc from 'fast-check'
import { engineNames } from '../../src/values/schema.ts'
import { blocks, charts, valuesFile } from '../helpers/charts.ts'
import { strings } from '../helpers/json.ts'
import { nastyStreams } from '../helpers/nasty.ts'
import { often } from '../helpers/often.ts'
import { parsed } from '../helpers/parsed.ts'
import { bytesOf, runWith } from '../helpers/run.ts'
import { workload } from '../helpers/streams.ts'
import { documents, withoutOurs, withSeparator } from '../helpers/text.ts'

/** What comes through the filter: all that went in, whatever it was, or nothing. */

const engines = fc.constantFrom(...engineNames)

test('the output less our documents is the input less its values', async () => {
  await fc.assert(
    fc.asyncProperty(charts, blocks, engines, async (stream, block, engine) => {
      const output = bytesOf(await runWith(stream, { engine, values: valuesFile(block) }))
      if (output === undefined) return
      const input = withoutValues(Buffer.from(stream).toString('latin1'))
      const rest = withoutOurs(output)
      assert.ok(rest === input || rest === withSeparator(input), JSON.stringify({ input, output }))
    }),
    often(100),
  )
})

test('every document but ours says what it said', async () => {
  let tried = 0
  await fc.assert(
    fc.asyncProperty(charts, blocks, engines, async (stream, block, engine) => {
      const said = parsed(withoutValues(stream))
      const { output } = await runWith(stream, { engine, values: valuesFile(block) })
      if (said === undefined || output === undefined) return
      tried++
      assert.equal(
        parsed(output.toString())?.filter(document => !document.includes('"helm-netpol/policy"')),
        said,
        stream,
      )
    }),
    often(80),
  )
  assert.ok(tried > 20, `only ${tried} had output`)
})

test('disabled policies let any bytes pass', async () => {
  await fc.assert(
    fc.asyncProperty(nastyStreams, async stream => {
      assert.is(bytesOf(await runWith(stream, { values: 'networkPolicy: {enabled: false}\n' })), stream.toString('latin1'))
    }),
    often(200),
  )
})

test('no stream makes it throw, and what it passes it passes whole', async () => {
  await fc.assert(
    fc.asyncProperty(nastyStreams, engines, async (noise, engine) => {
      const stream = Buffer.concat([noise, Buffer.from(`\n${workload()}`)])
      const output = bytesOf(await runWith(stream, { engine }))
      if (output === undefined) return
      const rest = withoutOurs(output)
      assert.ok(rest === stream.toString('latin1') || rest === withSeparator(stream.toString('latin1')), JSON.stringify(stream.toString('latin1')))
    }),
    often(200),
  )
})

test('no values make it throw', async () => {
  const junk = fc.letrec(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, 0, 1.5, '', 'yes', '*'),
      strings,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('enabled', 'from', 'egress', 'cidr', 'ports', 'to', 'podSelector', 'matchLabels', 'order', '__proto__'), tie('value'), {
        maxKeys: 4,
      }),
    ),
  })).value
  const keys = ['engine', 'controller', 'namespace', 'defaultDeny', 'webhook', 'metrics', 'additionalIngress', 'egress', 'cilium', 'calico', 'ports', 'replace']
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom(...keys, 'nothing'), junk, { maxKeys: 5 }), engines, async (entries, engine) => {
      const result = await runWith(workload(), { engine, values: JSON.stringify({ networkPolicy: entries }) })
      assert.is(
        result.output === undefined,
        result.diagnostics.some(({ severity }) => severity === 'error'),
      )
    }),
    often(200),
  )
})

test.run()

/** A stream as it is without its document of values. */
function withoutValues(stream: string): string {
  const mark = /^(?:\ufeff|\xef\xbb\xbf)?/.exec(stream)?.[0] ?? ''
  const kept = documents(stream.slice(mark.length)).filter(document => !document.includes('kind: NetworkPolicyValues'))
  return `${mark}${kept.join('')}`
}
