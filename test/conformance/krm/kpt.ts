import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { cleanEnvironment } from '../harness/postrender.ts'
import { must, run } from '../harness/proc.ts'
import { bundle } from '../harness/product.ts'
import type { Report } from '../harness/report.ts'
import { folderOf } from './folder.ts'

const local = { 'config.kubernetes.io/local-config': 'true' }

/** kpt is on no module proxy: it is asked where it is installed. */
export async function throughKpt(report: Report, stream: string): Promise<void> {
  const found = await run('kpt', ['version'], { env: cleanEnvironment }).catch(() => undefined)
  if (found?.code !== 0) return report.skip(2, 'what kpt makes of the KRM function: kpt is not on the PATH')

  await report.check('kpt: the policy gets a file beside its workload, and a second run changes nothing', async () => {
    const folder = packageWith(stream, 'calico')
    await must('kpt', ['fn', 'render', '--allow-exec', folder], { env: cleanEnvironment })
    const file = join(folder, 'app', 'networkpolicy_stageset-controller.yaml')
    const policy = readFileSync(file, 'utf8')
    assert.match(policy, 'projectcalico.org/v3')
    assert.match(policy, '# Prometheus scrapes /metrics')
    assert.not.match(policy, 'config.kubernetes.io/')
    assert.match(readFileSync(join(folder, 'netpol.yaml'), 'utf8'), 'NetworkPolicyValues')
    const all = readFileSync(join(folder, 'app', 'all.yaml'), 'utf8')
    await must('kpt', ['fn', 'render', '--allow-exec', folder], { env: cleanEnvironment })
    assert.is(readFileSync(file, 'utf8'), policy)
    assert.is(readFileSync(join(folder, 'app', 'all.yaml'), 'utf8'), all)
  })
  await report.check('kpt: a mistake is shown with its file and key', async () => {
    const { code, stderr } = await run('kpt', ['fn', 'render', '--allow-exec', packageWith(stream, 'calicoo')], { env: cleanEnvironment })
    assert.is(code, 1)
    assert.match(stderr, /\[error\].*NetworkPolicyValues\/netpol spec\.networkPolicy\.engine: NP206/)
  })
}

function packageWith(stream: string, engine: string): string {
  return folderOf({
    Kptfile: {
      apiVersion: 'kpt.dev/v1',
      kind: 'Kptfile',
      metadata: { name: 'app', annotations: local },
      pipeline: { mutators: [{ exec: bundle(), configPath: 'netpol.yaml' }] },
    },
    'netpol.yaml': {
      apiVersion: 'helm-netpol/v1alpha1',
      kind: 'NetworkPolicyValues',
      metadata: { name: 'netpol', annotations: local },
      spec: { networkPolicy: { enabled: true, engine } },
    },
    'app/all.yaml': stream,
  })
}
