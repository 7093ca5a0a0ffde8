import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { NAMESPACE, RELEASE } from '../flows/subjects.ts'
import { chartFolder, repo } from '../harness/paths.ts'
import { helmEnvironment } from '../harness/helm.ts'
import type { Judges } from '../harness/judges.ts'
import { must, run } from '../harness/proc.ts'
import type { Report } from '../harness/report.ts'
import { scratch } from '../harness/scratch.ts'
import { ourPolicies } from '../harness/stream.ts'

/** `helm plugin install` from a folder and from a clone: what is installed has to render. */
export async function installs(report: Report, judges: Judges): Promise<void> {
  const helm = judges.path('helm4')
  // Helm 4 verifies signatures where a plugin comes from elsewhere; a clone has none.
  for (const [title, source, flags] of [
    ['a folder', folder, []],
    ['a git clone', clone, ['--verify=false']],
  ] as const) {
    await report.check(`Helm 4: plugin install from ${title}`, async () => {
      const env = helmEnvironment(scratch(`plugin from ${title}`))
      await must(helm, ['plugin', 'install', await source(), ...flags], { env })
      assert.match(await must(helm, ['plugin', 'list'], { env }), /^netpol\s/m)
      const ran = await run(helm, ['template', RELEASE, chartFolder(), '-n', NAMESPACE, '--post-renderer', 'netpol', '--post-renderer-args=--engine=cilium'], { env })
      assert.is(ran.code, 0, ran.stderr)
      assert.is(ourPolicies(ran.stdout).length, 1, 'one policy')
      await must(helm, ['plugin', 'uninstall', 'netpol'], { env })
    })
  }
}

const folder = (): Promise<string> => Promise.resolve(repo)

/** A clone has what is committed and nothing else; what is not committed yet comes on top. */
async function clone(): Promise<string> {
  const target = join(scratch('clone'), 'helm-netpol')
  const git = (args: readonly string[]): Promise<string> =>
    must('git', ['-c', 'user.name=conformance', '-c', 'user.email=conformance@example.org', '-c', 'commit.gpgsign=false', ...args])
  await git(['clone', '--quiet', repo, target])
  for (const file of (await git(['-C', repo, 'ls-files', '--modified', '--others', '--exclude-standard', '--', 'plugin.yaml', 'dist'])).split('\n').filter(name => name !== ''))
    await must('sh', ['-c', 'mkdir -p "$(dirname "$2")" && cp "$1" "$2"', 'sh', join(repo, file), join(target, file)])
  if ((await git(['-C', target, 'status', '--porcelain'])) !== '') {
    await git(['-C', target, 'add', '-A'])
    await git(['-C', target, 'commit', '--quiet', '-m', 'the working tree'])
  }
  return `file://${target}`
}
