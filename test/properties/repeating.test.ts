import { test } from 'uvu'
import * as assert from 'uvu/assert'
import fc from 'fast-check'
import { engineNames } from '../../src/values/schema.ts'
import { blocks, charts, valuesFile } from '../helpers/charts.ts'
import { often } from '../helpers/often.ts'
import { bytesOf, runWith } from '../helpers/run.ts'

/** What a run makes of its own output. */

const engines = fc.constantFrom(...engineNames)

test('a second run changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(charts, blocks, engines, async (stream, block, engine) => {
      const first = await runWith(stream, { engine, values: valuesFile(block) })
      if (first.output === undefined) return
      const second = await runWith(first.output, { engine, values: valuesFile(block) })
      assert.is(bytesOf(second), bytesOf(first), JSON.stringify({ stream, told: second.diagnostics.map(({ message }) => message) }))
    }),
    often(120),
  )
})

test('a run for another engine leaves nothing of the first', async () => {
  await fc.assert(
    fc.asyncProperty(charts, blocks, engines, engines, async (stream, block, one, other) => {
      const values = valuesFile(block)
      const first = await runWith(stream, { engine: one, values })
      const alone = await runWith(stream, { engine: other, values })
      if (first.output === undefined || alone.output === undefined) return
      assert.is(bytesOf(await runWith(first.output, { engine: other, values })), bytesOf(alone), JSON.stringify({ stream }))
    }),
    often(100),
  )
})

test.run()
