import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { version } from '../../../src/version.ts'
import type { PlatformName } from '../../../scripts/package/platforms.ts'
import { helmEnvironment } from '../harness/helm.ts'
import type { Judges } from '../harness/judges.ts'
import { repo } from '../harness/paths.ts'
import { must, run } from '../harness/proc.ts'
import { bundle, product } from '../harness/product.ts'
import { table } from '../harness/report.ts'
import type { Report } from '../harness/report.ts'
import { scratch } from '../harness/scratch.ts'
import { ourPolicies } from '../harness/stream.ts'
import { canEmulate } from './make.ts'
import type { Key } from './key.ts'
import { rendering } from './plugins.ts'

interface Made {
  readonly out: string
  readonly key: Key | undefined
  readonly host: PlatformName
}

const example = join(repo, 'docs/example')
const values = ['-f', join(example, 'values.yaml')]
const input = readFileSync(join(example, 'stream.yaml'))

/** Executables that can be run here: they give what the bundle gives, without a Node; and how long they take to start. */
export async function executables(report: Report, judges: Judges, { out, key, host }: Made): Promise<void> {
  const executable = join(out, `helm-netpol-${version}-${host}`)
  await report.check(`${host}: the executable gives what the bundle gives`, () => likeTheBundle(executable, []))
  await report.check(`${host}: as a plugin of Helm 4, on a machine without Node`, () => withHelm(judges, { out, key, host }))
  await speed(report, executable)
  if (canEmulate(host)) await emulated(report, join(out, `helm-netpol-${version}-linux-arm64`))
  report.skip(3, 'executables for macOS and Windows: they cannot be run here')
}

async function likeTheBundle(file: string, before: readonly string[]): Promise<void> {
  const [program = file, ...rest] = [...before, file]
  // Nothing on the PATH, and options for Node that are not meant for us.
  const alone = { env: { PATH: '/nonexistent', NODE_OPTIONS: '--nothing-that-node-knows' } }
  const asked: readonly (readonly string[])[] = [
    values,
    ['explain', ...values],
    ['explain', '--format', 'svg', ...values],
    ['values', '--engine', 'calico'],
    ['--help'],
    ['--engine', 'nope'],
  ]
  for (const args of asked) await same(args, { input })
  // The standard input is a device then, which is looked at before it is read.
  await same(values, {})

  async function same(args: readonly string[], given: { input?: Buffer }): Promise<void> {
    const [made, expected] = await Promise.all([run(program, [...rest, ...args], { ...alone, ...given }), run(process.execPath, [bundle(), ...args], given)])
    assert.equal(made, expected, args.join(' '))
  }
}

async function withHelm(judges: Judges, { out, key, host }: Made): Promise<void> {
  const helm = judges.path('helm4')
  const env = { ...helmEnvironment(scratch('packages/executable')), PATH: '/nonexistent' }
  const flags = key === undefined ? ['--verify=false'] : ['--keyring', key.keyring]
  await must(helm, ['plugin', 'install', join(out, `netpol-${host}-${version}.tgz`), ...flags], { env })
  assert.is(ourPolicies(await must(helm, rendering('--engine=cilium'), { env })).length, 1, 'one policy')
  const failed = await run(helm, rendering('--engine=nope'), { env })
  assert.is(failed.code, 1)
  assert.match(failed.stderr, /"nope"/)
  await must(helm, ['plugin', 'uninstall', 'netpol'], { env })
}

/** Debian's libc6-arm64-cross and libstdc++6-arm64-cross put these here. */
const arm64 = '/usr/aarch64-linux-gnu'

async function emulated(report: Report, file: string): Promise<void> {
  const emulator = await must('sh', ['-c', 'command -v qemu-aarch64-static || command -v qemu-aarch64 || true'])
  if (emulator === '') return report.skip(1, 'linux-arm64: qemu-aarch64 is not on the PATH')
  if (!existsSync(join(arm64, 'lib/libstdc++.so.6'))) return report.skip(1, `linux-arm64: its C++ library is not in ${arm64}`)
  await report.check('linux-arm64: the executable gives what the bundle gives (qemu)', () => likeTheBundle(file, [emulator.trim(), '-L', arm64]))
}

/** Printed, not judged: what a start costs, the example's policies included. */
async function speed(report: Report, executable: string): Promise<void> {
  const loader = join(product(), 'dist/loader.cjs')
  const ways = [
    ['node dist/helm-netpol.mjs', bundle(), process.execPath, bundle()],
    ['node dist/loader.cjs', bundle(), process.execPath, loader],
    ['the executable', executable, executable],
  ] as const
  const times = ways.map((): number[] => [])
  for (let turn = 0; turn < 11; turn++) {
    for (const [index, [, , program, ...before]] of ways.entries()) {
      const started = performance.now()
      await must(program, [...before, ...values], { input })
      times[index]?.push(performance.now() - started)
    }
  }
  const median = (numbers: readonly number[] = []): number => Math.round([...numbers].sort((one, other) => one - other)[numbers.length >> 1] ?? 0)
  const size = (file: string): string => `${(statSync(file).size / 1e6).toFixed(1)} MB`
  const rows = ways.map(([name, file], index) => [name, size(file), median(times[index])])
  report.say(table([['run as', 'size', 'ms'], ...rows]))
}
