import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAllDocuments } from 'yaml'
import { parseCommand } from '../src/cli.ts'
import { formatDiagnostics } from '../src/diagnostics/format.ts'
import { engines } from '../src/engines/registry.ts'
import { run } from '../src/run.ts'
import { version } from '../src/version.ts'
import { netpol } from './helpers/program.ts'
import type { Outcome } from './helpers/program.ts'
import { documents, insertion, withoutOurs, withSeparator } from './helpers/text.ts'
import { inTurn } from './helpers/turns.ts'

/**
 * Each folder of test/cases is one case; README.md there says what its files mean. `UPDATE=1`, or `--update` when this
 * file is run by itself, writes the expected files anew: read the difference before you keep it.
 */
const folder = join(import.meta.dirname, 'cases')
const update = process.env['UPDATE'] === '1' || process.argv.includes('--update')
const engineNames = Object.keys(engines)

interface Case {
  readonly name: string
  readonly path: string
  readonly input: Buffer
  readonly args: readonly string[]
  readonly engines: readonly string[]
  readonly exit: number
  /** The output is the input, byte for byte. */
  readonly unchanged: boolean
  /** Documents leave the stream as well, so that the output less ours is not the input. */
  readonly removes: boolean
  /** Only what is put in is kept as a golden. */
  readonly brief: boolean
}

const cases = readdirSync(folder, { withFileTypes: true })
  .filter(entry => entry.isDirectory() && !existsSync(join(folder, entry.name, 'flows.txt')))
  .map(entry => readCase(entry.name))
const started = cases.map(one => ({
  one,
  runs: one.engines.map(engine => ({ engine, outcome: inTurn(() => netpol(argsFor(one, engine), { cwd: one.path, input: one.input })) })),
}))

for (const { one, runs } of started) {
  test(one.name, async () => {
    const outcomes = await Promise.all(runs.map(async ({ engine, outcome }) => ({ engine, outcome: await outcome })))
    if (update) writeGoldens(one, outcomes)
    for (const { engine, outcome } of outcomes) check(one, engine, outcome)
  })
}

for (const one of cases.filter(({ exit }) => exit === 0)) {
  test(`${one.name}: a second run changes nothing`, async () => {
    for (const engine of one.engines) {
      const first = await inMemory(one, engine, one.input)
      assert.is((await inMemory(one, engine, first)).toString('latin1'), first.toString('latin1'), engine)
    }
  })
}

test.run()

function readCase(name: string): Case {
  const path = join(folder, name)
  const file = join(path, 'args.json')
  const given: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const input = readFileSync(join(path, textIn(given, 'stream') ?? 'input.yaml'))
  const exit = valueIn(given, 'exit')
  return {
    name,
    path,
    input,
    args: [...(existsSync(join(path, 'values.yaml')) ? ['-f', 'values.yaml'] : []), ...(textsIn(given, 'args') ?? [])],
    engines: textsIn(given, 'engines') ?? engineNames,
    exit: typeof exit === 'number' ? exit : 0,
    unchanged: valueIn(given, 'unchanged') === true,
    removes: valueIn(given, 'removes') === true,
    brief: input.length > 4096,
  }
}

/** `none` among the engines: the case is run without --engine. */
function argsFor({ args }: Case, engine: string): string[] {
  return engine === 'none' ? [...args] : ['--engine', engine, ...args]
}

function check(one: Case, engine: string, { stdout, stderr, exitCode }: Outcome): void {
  const said = one.exit === 0 ? 'report' : 'error'
  assert.fixture(normal(stderr), golden(one, [`${said}.${engine}.txt`, `${said}.txt`]), `${engine}: stderr`)
  assert.is(exitCode, one.exit, `${engine}: exit code`)
  if (one.exit !== 0) return assert.is(stdout, '', `${engine}: nothing on stdout`)
  const input = one.input.toString('latin1')
  if (one.unchanged) return assert.is(stdout, input, `${engine}: the stream passes through`)
  assert.fixture(normal(shown(one, stdout)), golden(one, [goldenName(one, engine)], 'latin1'), engine)
  const inserted = insertion(input, stdout)
  if (one.brief) assert.ok(inserted, `${engine}: one insertion and nothing else`)
  if (!one.removes) assert.ok(withoutOurs(stdout) === input || withoutOurs(stdout) === withSeparator(input), `${engine}: what is not ours stays as it was`)
  if (inserted !== undefined) assertReadAlike(Buffer.from(inserted, 'latin1').toString(), engine)
}

function shown(one: Case, stdout: string): string {
  return one.brief
    ? documents(stdout)
        .filter(document => document.includes('helm-netpol/policy: '))
        .join('')
    : stdout
}

function goldenName({ brief }: Case, engine: string): string {
  return `${brief ? 'inserted' : 'expected'}.${engine}.yaml`
}

function golden({ path }: Case, names: readonly string[], encoding: 'utf8' | 'latin1' = 'utf8'): string {
  const found = names.map(name => join(path, name)).find(file => existsSync(file))
  return found === undefined ? '' : readFileSync(found, encoding)
}

/** The head comment names the version, which is not what the cases are about. */
function normal(text: string): string {
  return text.replaceAll(`helm-netpol ${version}`, 'helm-netpol VERSION')
}

/** Old parsers and new ones must take the policies the same way. */
function assertReadAlike(policies: string, message: string): void {
  const read = (version: '1.1' | '1.2'): unknown[] =>
    [parseAllDocuments(policies, { version })].flat().map(document => {
      assert.equal(document.errors, [], message)
      return document.toJS()
    })
  assert.equal(read('1.1'), read('1.2'), message)
}

async function inMemory(one: Case, engine: string, stream: Buffer): Promise<Buffer> {
  const command = parseCommand(argsFor(one, engine), {}, delimiter)
  if (command.do !== 'filter') throw new Error(`${one.name} is no call of the filter`)
  const files = command.request.values.map(path => ({ path, text: readFileSync(join(one.path, path), 'utf8') }))
  const { output, diagnostics } = await run(stream, { ...command.request, files })
  if (output === undefined) throw new Error(formatDiagnostics(diagnostics))
  return output
}

function writeGoldens(one: Case, outcomes: readonly { engine: string; outcome: Outcome }[]): void {
  for (const file of readdirSync(one.path)) if (/^(expected|inserted|report|error)\b/.test(file)) rmSync(join(one.path, file))
  const said = one.exit === 0 ? 'report' : 'error'
  const texts = new Set(outcomes.map(({ outcome }) => outcome.stderr))
  for (const { engine, outcome } of outcomes) {
    if (outcome.stderr !== '') writeFileSync(join(one.path, texts.size === 1 ? `${said}.txt` : `${said}.${engine}.txt`), normal(outcome.stderr))
    if (one.exit === 0 && !one.unchanged) writeFileSync(join(one.path, goldenName(one, engine)), normal(shown(one, outcome.stdout)), 'latin1')
  }
}

function valueIn(json: unknown, key: string): unknown {
  return typeof json === 'object' && json !== null ? Object.entries(json).find(([name]) => name === key)?.[1] : undefined
}

function textIn(json: unknown, key: string): string | undefined {
  const value = valueIn(json, key)
  return typeof value === 'string' ? value : undefined
}

function textsIn(json: unknown, key: string): string[] | undefined {
  const value = valueIn(json, key)
  return Array.isArray(value) ? value.map(String) : undefined
}
