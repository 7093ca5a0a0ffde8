import { join } from 'node:path'
import { execa } from 'execa'

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

/** Runs the built program as Helm does, with nothing of the caller's environment that it reads. */
export async function netpol(args: readonly string[], { input = '', env = {}, cwd = repository, program = bundle }: Call = {}): Promise<Outcome> {
  const { stdout, stderr, exitCode } = await execa(process.execPath, [program, ...args], {
    input,
    cwd,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    extendEnv: false,
    reject: false,
    encoding: 'buffer',
    stripFinalNewline: false,
  })
  return { stdout: Buffer.from(stdout).toString('latin1'), stderr: Buffer.from(stderr).toString(), exitCode }
}
