import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Chance } from '../conformance/harness/chance.ts'
import { nothing } from '../fuzz/case.ts'
import type { Case } from '../fuzz/case.ts'
import { play } from '../fuzz/play.ts'
import { repository } from '../helpers/program.ts'
import { runWith } from '../helpers/run.ts'
import { configMap, service, workload } from '../helpers/streams.ts'
import { withoutOurs } from '../helpers/text.ts'
import { helmRelease } from '../flux/releases.ts'
import { full } from './program.ts'

/** A command before the pipe that dies in the middle: wherever a text ends, it is answered whole or refused. */

const small = `\ufeff# Source: a\n${configMap}${workload({ namespace: '', labels: '{"é": "\\u00e9"}' })}${service()}---\n{"kind": "List", "items": [{"kind": "Job"}]}\n...\n%YAML 1.1\n---\nkind: ConfigMap\n`
const list = `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n  apiVersion: v1\n  kind: ConfigMap\n  data: {engine: calico}\nitems:\n- ${workload().slice(4).trimEnd().replaceAll('\n', '\n  ')}\n- kind: ConfigMap\n`
const values = 'networkPolicy:\n  enabled: true\n  engine: cilium\n  egress: {enabled: true}\n  cilium:\n    ingress:\n      - fromEntities: ["host"] # é\n'

/** Of the longer texts; a prime, so that every column comes up. */
const step = full ? 1 : 7

const whole: Case = { target: 'filter', stream: Buffer.from(small), values: [Buffer.from(values)], sets: [], release: nothing, flags: {} }

test('a small stream may end anywhere', async () => {
  await everyCut(whole, whole.stream, stream => ({ ...whole, stream }))
})

test('a file of values may end anywhere', async () => {
  await everyCut(whole, Buffer.from(values), bytes => ({ ...whole, values: [bytes] }))
})

test('an expression may end anywhere', async () => {
  for (const [kind, text] of [
    ['set', 'networkPolicy.enabled=true,networkPolicy.egress.dnsCIDRs={10.0.0.1/32,fd00::1/128},a[0].b=c\\,d'],
    ['set-json', 'networkPolicy={"enabled":true,"metrics":{"from":[{"podSelector":{}}]}}'],
  ] as const) {
    const given: Case = { ...whole, values: [] }
    await everyCut(given, Buffer.from(text), bytes => ({ ...given, sets: [{ kind, text: bytes.toString() }] }))
  }
})

test('a ResourceList may end anywhere', async () => {
  const given: Case = { ...whole, target: 'function', values: [] }
  await everyCut(given, Buffer.from(list), stream => ({ ...given, stream }), step)
})

test('a HelmRelease may end anywhere', async () => {
  const given: Case = { ...whole, target: 'flux', stream: Buffer.from(workload()), values: [] }
  const text = Buffer.from(
    helmRelease({ more: '  postRenderers:\n    - kustomize:\n        patches:\n          - patch: |\n              # helm-netpol: x\n' }),
  )
  await everyCut(given, text, release => ({ ...given, release }), step)
})

test('the example may end anywhere', async () => {
  const example = readFileSync(join(repository, 'docs/example/stream.yaml'))
  const chance = new Chance(7)
  const ends = full ? example.keys() : chance.times(200, 200, () => chance.below(example.length))
  for (const end of ends) {
    const stream = example.subarray(0, end)
    const { output, diagnostics } = await runWith(stream, { engine: 'cilium', values: readFileSync(join(repository, 'docs/example/values.yaml'), 'utf8') })
    const failed = diagnostics.some(({ severity }) => severity === 'error')
    assert.is(output === undefined, failed, `cut at ${end}`)
    if (output !== undefined) assert.is(withoutOurs(output.toString('latin1')), stream.toString('latin1'), `cut at ${end}`)
  }
})

test.run()

async function everyCut(given: Case, bytes: Buffer, put: (bytes: Buffer) => Case, step = 1): Promise<void> {
  await assertKept(given, -1)
  for (let end = 0; end < bytes.length; end += step) await assertKept(put(bytes.subarray(0, end)), end)
}

async function assertKept(given: Case, end: number): Promise<void> {
  const { findings } = await play(given)
  assert.equal(findings, [], `cut at ${end}`)
}
