import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { version } from '../../../src/version.ts'
import { NAMESPACE, RELEASE } from '../flows/subjects.ts'
import { helmEnvironment } from '../harness/helm.ts'
import type { Judges } from '../harness/judges.ts'
import { chartFolder } from '../harness/paths.ts'
import { must, run } from '../harness/proc.ts'
import type { Report } from '../harness/report.ts'
import { scratch } from '../harness/scratch.ts'
import { ourPolicies } from '../harness/stream.ts'
import { newKey } from './key.ts'
import type { Key } from './key.ts'

/** The post-renderer's archive: Helm 4 verifies it, installs it, renders with it; and refuses what is not as it was signed. */
export async function plugins(report: Report, judges: Judges, out: string, key: Key | undefined): Promise<void> {
  const helm = judges.path('helm4')
  const archive = join(out, `netpol-${version}.tgz`)
  const env = helmEnvironment(scratch('packages/helm4'))
  const flags = key === undefined ? ['--verify=false'] : ['--keyring', key.keyring]

  await report.check('Helm 4 installs the archive and renders with it', async () => {
    const said = await must(helm, ['plugin', 'install', archive, ...flags], { env })
    if (key !== undefined) assert.match(said, /Signed by: throwaway@example\.org[^]*Plugin Hash Verified: sha256:/)
    assert.match(
      await must(helm, ['plugin', 'list'], { env }),
      new RegExp(`^netpol\\s+${version}\\s+postrenderer/v1\\s+v1\\s+${key === undefined ? 'unsigned' : 'signed'}\\s`, 'm'),
    )
    assert.is(ourPolicies(await must(helm, rendering('--engine=cilium'), { env })).length, 1, 'one policy')
    const failed = await run(helm, rendering('--engine=nope'), { env })
    assert.is(failed.code, 1)
    assert.match(failed.stderr, /"nope"/)
  })
  if (key === undefined) return

  await report.check('helm plugin verify knows the archive, and gpg the sums', async () => {
    for (const name of [`netpol-${version}.tgz`, `netpol-tools-${version}.tgz`])
      assert.match(await must(helm, ['plugin', 'verify', join(out, name), '--keyring', key.keyring], { env }), /Plugin Hash Verified/)
    await must('gpg', ['--verify', 'SHA256SUMS.asc', 'SHA256SUMS'], { cwd: out, env: key.env })
    await must('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: out })
  })

  await report.check('Helm 4 refuses an archive that was changed, one without a signature, and a key that it does not know', async () => {
    const refused = async (folder: string, keyring: string, because: RegExp): Promise<void> => {
      const home = helmEnvironment(scratch(`packages/${folder}-helm`))
      const ran = await run(helm, ['plugin', 'install', join(scratch(`packages/${folder}`), `netpol-${version}.tgz`), '--keyring', keyring], { env: home })
      assert.is(ran.code, 1, folder)
      assert.match(ran.stderr, because)
    }
    const bytes = readFileSync(archive)
    for (const folder of ['changed', 'bare', 'strange']) writeFileSync(join(scratch(`packages/${folder}`), `netpol-${version}.tgz`), bytes)
    for (const folder of ['changed', 'strange']) copyFileSync(`${archive}.prov`, join(scratch(`packages/${folder}`), `netpol-${version}.tgz.prov`))
    writeFileSync(join(scratch('packages/changed'), `netpol-${version}.tgz`), Buffer.concat([bytes, Buffer.of(0)]))
    const other = await newKey('stranger')
    await refused('changed', key.keyring, /sha256 sum does not match/)
    await refused('bare', key.keyring, /no provenance file/)
    await refused('strange', other?.keyring ?? '', /unknown entity/)
    await other?.forget()
  })
}

/** The arguments of `helm template` with the plugin. */
export function rendering(...words: readonly string[]): string[] {
  const through = words.map(word => `--post-renderer-args=${word}`)
  return ['template', RELEASE, chartFolder(), '-n', NAMESPACE, '--post-renderer', 'netpol', ...through]
}
