import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, openSync, closeSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Whole-process time of the filter as a ratio to an empty `node -e 0`, medians of paired runs, for the
 * example stream, a generated one of 5 MB, and every stream in HELM_NETPOL_STREAMS. RUNS sets the pairs.
 */
const root = join(import.meta.dirname, '..')
const runs = Number(process.env['RUNS'] ?? 21)
const scratch = mkdtempSync(join(tmpdir(), 'netpol-bench-'))

try {
  const generated = join(scratch, 'generated.yaml')
  writeFileSync(generated, largeStream(5_000_000))
  const streams = [join(root, 'docs/example/stream.yaml'), generated, ...foreignStreams()]
  console.log('stream                            KB   node ms   ours ms   ratio   (middle half of the ratios)')
  for (const stream of streams) console.log(line(stream))
} finally {
  rmSync(scratch, { recursive: true })
}

function line(stream: string): string {
  const pairs = Array.from({ length: runs }, () => ({
    empty: milliseconds(['-e', '0'], stream),
    ours: milliseconds([join(root, 'dist/helm-netpol.mjs'), '--engine', 'cilium', '--controller', '*'], stream),
  }))
  const ratios = pairs.map(({ empty, ours }) => ours / empty)
  const name = stream.split('/').pop() ?? stream
  const columns = [
    name.padEnd(30),
    String(Math.round(statSync(stream).size / 1000)).padStart(6),
    quantile(
      pairs.map(({ empty }) => empty),
      0.5,
    )
      .toFixed(1)
      .padStart(9),
    quantile(
      pairs.map(({ ours }) => ours),
      0.5,
    )
      .toFixed(1)
      .padStart(9),
    quantile(ratios, 0.5).toFixed(2).padStart(7),
    `  (${quantile(ratios, 0.25).toFixed(2)} to ${quantile(ratios, 0.75).toFixed(2)})`,
  ]
  return columns.join(' ')
}

function milliseconds(args: readonly string[], stream: string): number {
  const stdin = openSync(stream, 'r')
  const started = process.hrtime.bigint()
  const { status } = spawnSync(process.execPath, args, { stdio: [stdin, 'ignore', 'ignore'] })
  const elapsed = Number(process.hrtime.bigint() - started) / 1e6
  closeSync(stdin)
  if (status !== 0) throw new Error(`node ${args.join(' ')} < ${stream} ended with ${status}`)
  return elapsed
}

function quantile(numbers: readonly number[], part: number): number {
  const sorted = [...numbers].sort((one, other) => one - other)
  return sorted[Math.floor((sorted.length - 1) * part)] ?? NaN
}

/** One small controller among definitions that do not matter. */
function largeStream(bytes: number): string {
  const controller =
    '---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app\nspec:\n  selector:\n    matchLabels:\n      app: app\n  template:\n    metadata:\n      labels:\n        app: app\n    spec:\n      containers:\n        - name: app\n          ports:\n            - name: metrics\n              containerPort: 8080\n'
  const property = '              aField:\n                description: What the field is for, in the words of its authors.\n                type: string\n'
  const definition = `---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: things.example.com\nspec:\n${property.repeat(400)}`
  return controller + definition.repeat(Math.ceil(bytes / definition.length))
}

function foreignStreams(): string[] {
  const folder = process.env['HELM_NETPOL_STREAMS'] ?? ''
  return existsSync(folder)
    ? readdirSync(folder)
        .filter(name => name.endsWith('.yaml'))
        .map(name => join(folder, name))
    : []
}
