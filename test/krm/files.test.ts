import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { engines } from '../../src/engines/registry.ts'
import { answerResourceList } from '../../src/krm/answer.ts'
import { workload } from '../helpers/streams.ts'

/** Under kpt: every item has a file and an index, and no two may have the same. */

interface Placed {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly annotations: Readonly<Record<string, string>> }
}

const path = 'internal.config.kubernetes.io/path'
const index = 'internal.config.kubernetes.io/index'

async function answered(items: readonly object[], engine = 'kubernetes', set = ''): Promise<{ output: string; items: Placed[]; files: string[] }> {
  const functionConfig = { apiVersion: 'v1', kind: 'ConfigMap', data: { engine, controller: '*', ...(set === '' ? {} : { set }) } }
  const list = { apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', functionConfig, items }
  const options = { root: 'networkPolicy', files: [], sets: [], engine: undefined, controller: undefined, namespace: undefined, strict: false, explicit: [] }
  const { output = '', report } = await answerResourceList(Buffer.from(JSON.stringify(list)), options)
  assert.ok(report.ok, output)
  const found: Placed[] = parse(output).items
  return { output, items: found, files: found.map(({ metadata }) => `${metadata.annotations[path]} ${metadata.annotations[index]}`) }
}

const placed = (object: { readonly metadata: object; readonly [key: string]: unknown }, file: string, at = '0'): object => ({
  ...object,
  metadata: { ...object.metadata, annotations: { [path]: file, [index]: at } },
})
const app = (namespace: string, file: string): object => {
  const { metadata, ...deployment } = parse(workload())
  return placed({ ...deployment, metadata: { ...metadata, namespace } }, file)
}
const own = (file: string, at = '0'): object =>
  placed({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'app', namespace: 'other' }, spec: { podSelector: {} } }, file, at)
const ofPolicies = ({ items, files }: { items: Placed[]; files: string[] }): string[] =>
  files.filter((_, at) => items[at]?.metadata.annotations['helm-netpol/policy'] !== undefined)

for (const engine of Object.keys(engines)) {
  test(`${engine}: workloads of one name in two namespaces get a file each, which they keep`, async () => {
    const first = await answered([app('a', 'all/a.yaml'), app('b', 'all/b.yaml'), app('c', 'c/c.yaml')], engine, 'networkPolicy.defaultDeny.enabled=true')
    assert.is(new Set(first.files).size, 9, first.files.join('\n'))
    for (const { metadata } of first.items)
      assert.ok(metadata.annotations[path]?.startsWith(metadata.name.endsWith('c') || metadata.namespace === 'c' ? 'c/' : 'all/'))
    assert.is((await answered(first.items, engine, 'networkPolicy.defaultDeny.enabled=true')).output, first.output)
  })
}

test('a file of the user with the name of a new one is left alone', async () => {
  const first = await answered([app('a', 'a.yaml'), own('networkpolicy_app.yaml')])
  assert.equal(ofPolicies(first), ['networkpolicy_a_app.yaml 0'])
  assert.equal(ofPolicies(await answered(first.items)), ['networkpolicy_a_app.yaml 0'])
  const both = await answered([app('a', 'a.yaml'), own('networkpolicy_app.yaml'), own('networkpolicy_a_app.yaml'), own('networkpolicy_a_app.yaml', '4')])
  assert.equal(ofPolicies(both), ['networkpolicy_a_app.yaml 5'])
})

test('a policy that was moved stays where it is, and another of its name takes no place from it', async () => {
  const alone = await answered([app('b', 'b.yaml')])
  assert.equal(ofPolicies(alone), ['networkpolicy_app.yaml 0'])
  const two = await answered([app('a', 'a.yaml'), ...alone.items])
  assert.equal(ofPolicies(two), ['networkpolicy_a_app.yaml 0', 'networkpolicy_app.yaml 0'])
  assert.is((await answered(two.items)).output, two.output)
})

test.run()
