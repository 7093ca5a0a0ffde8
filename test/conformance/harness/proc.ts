import { execa } from 'execa'

export interface Ran {
  code: number
  stdout: string
  stderr: string
}

/** Added to our own environment; undefined takes a variable away. */
export type Environment = Record<string, string | undefined>

export interface RunOptions {
  input?: string | Buffer
  env?: Environment
  cwd?: string
  timeoutMs?: number
}

/** Runs a program to its end; a program that cannot be started is a thrown error, a failing one is not. */
export async function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const result = await execa(file, [...args], {
    reject: false,
    stripFinalNewline: false,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    timeout: options.timeoutMs ?? 120_000,
    maxBuffer: 200_000_000,
  })
  if (result.exitCode === undefined) throw new Error(`${file} did not run to its end: ${result.shortMessage ?? 'no exit code'}`)
  return { code: result.exitCode, stdout: result.stdout, stderr: result.stderr }
}

/** As `run`, with the output as it came: for what has to be the same byte for byte. */
export async function runForBytes(file: string, args: readonly string[], input: Buffer, env: Environment): Promise<{ code: number; stdout: Buffer; stderr: string }> {
  const result = await execa(file, [...args], { reject: false, stripFinalNewline: false, input, env, encoding: 'buffer', timeout: 120_000, maxBuffer: 200_000_000 })
  if (result.exitCode === undefined) throw new Error(`${file} did not run to its end: ${result.shortMessage ?? 'no exit code'}`)
  return { code: result.exitCode, stdout: Buffer.from(result.stdout), stderr: Buffer.from(result.stderr).toString() }
}

/** Runs a program that has to succeed. */
export async function must(file: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const ran = await run(file, args, options)
  if (ran.code !== 0) throw new Error(`${file} ${args.join(' ')}: exit ${ran.code}\n${ran.stderr || ran.stdout}`)
  return ran.stdout
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
