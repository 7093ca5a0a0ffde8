import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { nodeBinary, NoBinary } from '../../../scripts/package/node-binary.ts'
import { isPlatform } from '../../../scripts/package/platforms.ts'
import type { PlatformName } from '../../../scripts/package/platforms.ts'
import { repo } from '../harness/paths.ts'
import { must } from '../harness/proc.ts'
import type { Report } from '../harness/report.ts'
import type { Key } from './key.ts'

interface Wanted {
  readonly out: string
  readonly key: Key | undefined
  readonly host: PlatformName | undefined
}

/** Makes everything that can be tried here, and all but the second executable once more, in other surroundings. */
export async function makePackages(report: Report, { out, key, host }: Wanted): Promise<{ executables: boolean }> {
  const signed = key === undefined ? [] : ['--sign', key.id]
  const second = canEmulate(host) ? ['linux-arm64'] : []
  const fetched = await fetchNodes(report, [...(host === undefined ? [] : [host]), ...second])
  const what = ['npm', 'netpol', 'netpol-tools', ...(host === undefined || !fetched ? [] : [host])]
  const again = `${out}-again`
  const elsewhere = 'umask 077; export TZ=Asia/Kathmandu LC_ALL=C; exec "$0" "$@"'
  const [made] = await Promise.all([
    must(process.execPath, [...packaging, '--out', out, ...signed, ...what, ...(fetched ? second : [])], { cwd: repo, env: key?.env ?? {}, timeoutMs: 600_000 }),
    must('sh', ['-c', elsewhere, process.execPath, ...packaging, '--out', again, ...what], { cwd: repo, timeoutMs: 600_000 }),
  ])
  report.say(made.trim().replace(/^/gm, '  '))

  await report.check('made again under another umask, time zone and folder, every file is the same', () => {
    const before = sums(out)
    // The SBOM names the executables, of which the first run had one more.
    const differing = [...sums(again)].filter(([name, sum]) => before.get(name) !== sum && !(fetched && second.length > 0 && name.endsWith('.cdx.json')))
    assert.equal(differing, [])
  })
  return { executables: host !== undefined && fetched }
}

const packaging = ['--import', 'tsx', 'scripts/package.ts']

/** Whether Node's binaries can be had; told where not. */
async function fetchNodes(report: Report, wanted: readonly string[]): Promise<boolean> {
  try {
    for (const platform of wanted) if (isPlatform(platform)) await nodeBinary(platform)
    return true
  } catch (problem) {
    if (!(problem instanceof NoBinary)) throw problem
    report.skip(wanted.length, `executables: ${problem.message}`)
    return false
  }
}

/** An executable for another processor can be run where it can be emulated. */
export const canEmulate = (host: PlatformName | undefined): boolean => host === 'linux-x64'

function sums(folder: string): ReadonlyMap<string, string> {
  const lines = readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trimEnd().split('\n')
  return new Map(lines.map(line => [line.slice(66), line.slice(0, 64)]))
}
