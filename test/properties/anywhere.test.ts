import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folderWith } from '../helpers/folder.ts'
import { netpol, repository } from '../helpers/program.ts'
import { workload } from '../helpers/streams.ts'

/** The built program says the same wherever it runs. */

const stream = readFileSync(join(repository, 'test/fixtures/stageset.yaml'))
const several = Buffer.from(['b', 'a', 'i', 'z', 'app-10', 'app-9'].map(name => workload({ name, ports: '[{name: metrics, containerPort: 8080}]' })).join(''))
const block = `networkPolicy:
  enabled: true
  engine: calico
  defaultDeny: {enabled: true, order: 1234567.5}
  egress: {enabled: true, apiserver: {cidrs: [10.0.0.1/32]}}
`

/** Where letters have another case (tr) or another order (sv), numbers another form (ar) and days another length. */
const places: readonly Readonly<Record<string, string>>[] = [
  { LC_ALL: 'tr_TR.UTF-8', TZ: 'Asia/Kathmandu' },
  { LANG: 'sv_SE.ISO-8859-1', TZ: 'Pacific/Apia' },
  { LC_ALL: 'ar_EG.UTF-8', LANGUAGE: 'ar', TZ: ':nowhere' },
]

for (const [says, args, input] of [
  ['policies and their report', ['--report', 'report.json'], stream],
  ['policies of several workloads', ['--controller', '*', '--report', 'report.json'], several],
  ['the explanation as a page', ['explain', '--format', 'html', '--controller', '*'], several],
] as const) {
  test(`${says}: the same bytes in every locale and time zone`, async () => {
    const here = await everything(args, input, {})
    assert.is(here.exitCode, 0, here.stderr)
    for (const env of places) assert.equal(await everything(args, input, env), here, JSON.stringify(env))
  })
}

test.run()

/** What a run leaves behind, its report included. */
async function everything(args: readonly string[], input: Buffer, env: Readonly<Record<string, string>>) {
  const cwd = folderWith({ 'values.yaml': block, 'report.json': '' })
  const outcome = await netpol([...args, '--values', 'values.yaml'], { input, env, cwd })
  return { ...outcome, report: readFileSync(join(cwd, 'report.json'), 'utf8') }
}
