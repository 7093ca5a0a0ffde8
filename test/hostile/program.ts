import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { folderWith } from '../helpers/folder.ts'
import { bundle, repository } from '../helpers/program.ts'

/** `HOSTILE=full` plays the sizes that take minutes. */
export const full = process.env['HOSTILE'] === 'full'

export interface Ended {
  /** One character a byte. */
  readonly stdout: string
  readonly stderr: string
  /** Undefined where a signal ended it. */
  readonly code: number | undefined
  /** Megabytes of memory that it had at most. */
  readonly peak: number
}

export interface Start {
  readonly input?: Buffer | string
  /** Pieces of the input, with a pause before each. */
  readonly pieces?: readonly Buffer[]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Megabytes for the program's own data, past which Node ends. */
  readonly memory?: number
}

/** Runs the built program; killed after minutes, which nothing here may take. */
export function start(args: readonly string[], given: Start = {}): Promise<Ended> {
  return runs(process.execPath, [bundle, ...args], given)
}

/** Runs a script of a shell, in which `netpol` is the built program. */
export function inShell(script: string, given: Start = {}): Promise<Ended> {
  return runs('sh', ['-c', `netpol() { "${process.execPath}" "${bundle}" "$@"; }\n${script}`], given)
}

const deadline = full ? 600_000 : 120_000

function runs(program: string, args: readonly string[], { input = '', pieces, cwd = repository, env = {}, memory = 512 }: Start): Promise<Ended> {
  const folder = folderWith({ 'peak.cjs': peakHook })
  const peak = join(folder, 'peak')
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', NODE_OPTIONS: `--max-old-space-size=${memory} --require ${join(folder, 'peak.cjs')}`, PEAK_FILE: peak, ...env },
    timeout: deadline,
    killSignal: 'SIGKILL',
  })
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes))
  // It may end before it has read everything.
  child.stdin.on('error', () => {})
  void feed(child.stdin, pieces ?? [Buffer.from(input)], pieces === undefined ? 0 : 2)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => {
      resolve({ stdout: Buffer.concat(stdout).toString('latin1'), stderr: Buffer.concat(stderr).toString(), code: code ?? undefined, peak: readPeak(peak) })
    })
  })
}

async function feed(stdin: NodeJS.WritableStream, pieces: readonly Buffer[], pause: number): Promise<void> {
  for (const piece of pieces) {
    if (pause > 0) await new Promise(resolve => setTimeout(resolve, pause))
    stdin.write(piece)
  }
  stdin.end()
}

/** Writes down the most memory that a process had, in kilobytes. */
const peakHook = "process.on('exit', () => require('fs').writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)))\n"

function readPeak(path: string): number {
  try {
    return Math.round(Number(readFileSync(path, 'utf8')) / 1024)
  } catch {
    return 0
  }
}

/** It ended by itself, with a code of its own, and told nothing that only a crash tells. */
export function assertCalm({ stderr, code }: Ended): void {
  assert.ok(code === 0 || code === 1 || code === 2, `it ended with ${code}: ${stderr.slice(0, 2000)}`)
  assert.not.match(stderr, /mistake of helm-netpol|FATAL ERROR|\n {4}at /)
}

/** It refused: with a message, and nothing else. */
export function assertRefused(ended: Ended, message: RegExp): void {
  assertCalm(ended)
  assert.is(ended.code, 1, ended.stderr.slice(0, 2000))
  assert.is(ended.stdout, '')
  assert.match(ended.stderr.slice(0, 5000), message)
}

/** It wrote the input with policies in it, or as it is; told apart by their mark. */
export function assertAnswered(ended: Ended, input: string): void {
  assertCalm(ended)
  assert.is(ended.code, 0, ended.stderr.slice(0, 2000))
  const at = ended.stdout.indexOf('---\n# helm-netpol ')
  const grown = ended.stdout.length - input.length
  const rest = at < 0 ? ended.stdout : ended.stdout.slice(0, at) + ended.stdout.slice(at + grown)
  assert.ok(rest === input, 'the input is there, byte for byte')
}
