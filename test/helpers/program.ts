import { join } from 'node:path'
import { execa } from 'execa'
import { Hosts } from './hosts.ts'
import type { HostedCall } from './hosts.ts'

export const repository = join(import.meta.dirname, '../..')
export const bundle = join(repository, 'dist/helm-netpol.mjs')
export const loader = join(repository, 'dist/loader.cjs')

export interface Call {
  readonly input?: string | Buffer
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** The file that node runs; the committed bundle unless another is named. */
  readonly program?: string
}

export interface Outcome {
  /** One character a byte, so that bytes which are no UTF-8 compare exactly. */
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number | undefined
}

/** Runs the built program with nothing of the caller's environment that it reads: the committed bundle in a process that runs many calls, where nothing is given to Node itself. */
export async function netpol(args: readonly string[], { input = '', env = {}, cwd = repository, program = bundle }: Call = {}): Promise<Outcome> {
  const call = { args, cwd, env: { PATH: process.env['PATH'] ?? '', ...env } }
  const hosted = program === bundle && Object.keys(env).every(name => readByUs.test(name))
  const { stdout, stderr, exitCode } = hosted ? await hosts.run(call, input) : await start(program, call, input)
  return { stdout: Buffer.from(stdout).toString('latin1'), stderr: Buffer.from(stderr).toString(), exitCode }
}

const hosts = new Hosts(bundle)
/** Other variables mean something to Node itself when it starts. */
const readByUs = /^(HELM_\w+|PATH|COLUMNS|NO_COLOR)$/

function start(program: string, { args, ...options }: HostedCall, input: string | Buffer) {
  return execa(process.execPath, [program, ...args], {
    ...options,
    input,
    extendEnv: false,
    reject: false,
    encoding: 'buffer',
    stripFinalNewline: false,
  })
}
