import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { version } from '../../../src/version.ts'
import { NAMESPACE, RELEASE } from '../flows/subjects.ts'
import { helmEnvironment } from '../harness/helm.ts'
import type { Judges } from '../harness/judges.ts'
import { chartFolder, repo } from '../harness/paths.ts'
import { must, run } from '../harness/proc.ts'
import type { Report } from '../harness/report.ts'
import { scratch } from '../harness/scratch.ts'
import type { Key } from './key.ts'

/** The commands as a command of Helm's: from the archive (Helm 4), unpacked (Helm 3), and from a clone (both). */
export async function tools(report: Report, judges: Judges, out: string, key: Key | undefined): Promise<void> {
  const archive = join(out, `netpol-tools-${version}.tgz`)
  const clone = join(repo, 'scripts/plugins/netpol-tools')
  const unpacked = scratch('packages/unpacked')
  await must('tar', ['xzf', archive, '-C', unpacked])
  const sources = [
    { major: 4, from: 'the archive', source: archive, flags: key === undefined ? ['--verify=false'] : ['--keyring', key.keyring] },
    { major: 4, from: 'a clone', source: clone, flags: [] },
    { major: 3, from: 'the archive, unpacked', source: join(unpacked, 'netpol-tools'), flags: [] },
    { major: 3, from: 'a clone', source: clone, flags: [] },
  ] as const
  for (const { major, from, source, flags } of sources) {
    await report.check(`Helm ${major}: helm netpol-tools, installed from ${from}`, async () => {
      const helm = judges.path(`helm${major}`)
      const env = helmEnvironment(scratch(`packages/tools-${major}-${from.replaceAll(/\W/g, '')}`))
      await must(helm, ['plugin', 'install', source, ...flags], { env })
      assert.match(await must(helm, ['--help'], { env }), /netpol-tools +what stands beside the post-renderer netpol/)
      const input = await must(helm, ['template', RELEASE, chartFolder(), '-n', NAMESPACE], { env })
      assert.match(await must(helm, ['netpol-tools', 'explain', '--engine', 'cilium', '-n', NAMESPACE], { env, input }), /CiliumNetworkPolicy stage\//)
      assert.match(await must(helm, ['netpol-tools', 'values', '--engine', 'cilium'], { env, input }), /^networkPolicy:$/m)
      const failed = await run(helm, ['netpol-tools', 'explain', '--format', 'nope'], { env, input })
      assert.equal([failed.code, failed.stdout], [2, ''])
      assert.match(failed.stderr, /--format "nope" is none of/)
    })
  }
}
