import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse, stringify } from 'yaml'
import { answerResourceList } from '../../src/krm/answer.ts'
import type { FunctionOptions } from '../../src/krm/config.ts'
import { often } from '../helpers/often.ts'
import { workload } from '../helpers/streams.ts'

/** Text as block scalars hold it: lines, and above all the blank ones at its end. */
const texts = fc
  .tuple(fc.array(fc.constantFrom('a', '  b', '', '# c', '---', 'items:', '- d', 'k: v'), { maxLength: 5 }), fc.nat({ max: 4 }))
  .map(([lines, ends]) => `${lines.join('\n')}${'\n'.repeat(ends)}`)

const options: FunctionOptions = {
  root: 'networkPolicy',
  files: [],
  sets: [],
  engine: undefined,
  controller: undefined,
  namespace: undefined,
  strict: false,
  explicit: [],
}

/** Something is told of it, so that the answer has results. */
const told = workload().replace('    spec:\n', '    spec:\n      hostNetwork: true\n')

const isOurs = (item: { metadata: { annotations?: Record<string, string> } }): boolean => item.metadata.annotations?.['helm-netpol/policy'] !== undefined

test('the data of each item is the same before and after, whatever follows the last one', async () => {
  const behind = fc.constantFrom('', '# end\n', '\n# end\n\n', '...\n', '\n\n', 'other: 1\n')
  await fc.assert(
    fc.asyncProperty(
      fc.array(texts, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
      behind,
      async (data, last, indentSeq, crlf, end) => {
        const configMaps = data.map((text, index) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c${index}` }, data: { text } }))
        const items = [parse(told), ...configMaps]
        const functionConfig = { apiVersion: 'v1', kind: 'ConfigMap', data: { engine: 'kubernetes' } }
        const head = { apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList' }
        const list = last ? { ...head, items, functionConfig } : { ...head, functionConfig, items }
        const written = stringify(list, { indentSeq, lineWidth: 0, blockQuote: 'literal', aliasDuplicateObjects: false })
        const text = `${written}${end}`.replaceAll('\n', crlf ? '\r\n' : '\n')
        const { output = '', report } = await answerResourceList(Buffer.from(text), options)
        const answered: Parameters<typeof isOurs>[0][] = parse(output).items
        assert.ok(report.ok, text)
        assert.is(answered.filter(isOurs).length, 1)
        assert.match(output, 'NP303')
        assert.equal(
          answered.filter(item => !isOurs(item)),
          parse(text).items,
        )
        const again = await answerResourceList(Buffer.from(output), options)
        assert.is(again.output, output, 'a second run changes nothing')
      },
    ),
    often(100),
  )
})

test.run()
