import { isUtf8 } from 'node:buffer'
import { readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { parseCommand } from '../../../src/cli.ts'
import type { CommandRequest, Request } from '../../../src/cli.ts'
import { commandHelp, CommandProblem, commands } from '../../../src/commands/index.ts'
import { formatDiagnostics } from '../../../src/diagnostics/format.ts'
import { helpText } from '../../../src/help.ts'
import { answerResourceList } from '../../../src/krm/answer.ts'
import { mayBeResourceList } from '../../../src/krm/detect.ts'
import { replaceFile } from '../../../src/replace-file.ts'
import { run } from '../../../src/run.ts'
import type { Report } from '../../../src/report/report.ts'
import type { TextFile } from '../../../src/values/load.ts'
import { version } from '../../../src/version.ts'
import type { Call, Outcome } from '../../../test/helpers/program.ts'

/** Stands in for test/helpers/program.ts: the program within this process, from the command line to the exit code. */

export const repository = process.cwd()
export const bundle = join(repository, 'dist/helm-netpol.mjs')
export const loader = join(repository, 'dist/loader.cjs')

/** Thrown where a test is about the edge itself. */
export class NotWithin extends Error {}

export async function netpol(args: readonly string[], { input = '', env = {}, cwd = repository, program = bundle }: Call = {}): Promise<Outcome> {
  const command = parseCommand(args, env, delimiter)
  if (program !== bundle || env['HELM_PLUGIN_DIR'] !== undefined) throw new NotWithin()
  switch (command.do) {
    case 'help':
      return { stdout: latin1(command.command === undefined ? helpText() : await commandHelp(command.command)), stderr: '', exitCode: 0 }
    case 'version':
      return { stdout: `${version}\n`, stderr: '', exitCode: 0 }
    case 'refuse':
      throw new NotWithin()
    case 'command':
      return runCommand(command, Buffer.from(input), cwd)
    case 'filter':
      return filter(Buffer.from(input), command.request, cwd)
  }
}

async function filter(stream: Buffer, request: Request, cwd: string): Promise<Outcome> {
  const options = { ...request, files: request.values.map(path => readValues(path, cwd)) }
  if (mayBeResourceList(stream)) {
    if (request.onlyPolicies === true) throw new NotWithin()
    const { output, diagnostics, report } = await answerResourceList(stream, options)
    if (request.report !== undefined) writeReport(resolve(cwd, request.report), report)
    return { stdout: latin1(output ?? ''), stderr: formatDiagnostics(diagnostics), exitCode: report.ok ? 0 : 1 }
  }
  const { output, diagnostics, report } = await run(stream, options)
  if (request.report !== undefined) writeReport(resolve(cwd, request.report), report)
  return { stdout: output?.toString('latin1') ?? '', stderr: formatDiagnostics(diagnostics), exitCode: output === undefined ? 1 : 0 }
}

async function runCommand(command: CommandRequest, stream: Buffer, cwd: string): Promise<Outcome> {
  // kubectl is asked by the environment.
  if (command.own.kubeconfig !== undefined || command.own.context !== undefined) throw new NotWithin()
  const readFile = (path: string): TextFile => readValues(path, cwd)
  const options = { ...command.request, files: command.request.values.map(readFile) }
  try {
    const { text, diagnostics, report, file, failed } = await commands[command.name]({ ...command, options, stream, terminal: { width: 120, color: false }, readFile })
    if (report !== undefined && command.request.report !== undefined) writeReport(resolve(cwd, command.request.report), report)
    if (file !== undefined) replaceFile(resolve(cwd, file.path), file.text)
    const wrong = text === undefined || failed === true || diagnostics.some(({ severity }) => severity === 'error')
    return { stdout: latin1(text ?? ''), stderr: formatDiagnostics(diagnostics), exitCode: wrong ? 1 : 0 }
  } catch (problem) {
    if (!(problem instanceof CommandProblem)) throw problem
    return { stdout: '', stderr: `helm-netpol: ${problem.message.split('\n').join('\n  ')}\n`, exitCode: problem.code }
  }
}

function readValues(path: string, cwd: string): TextFile {
  const bytes = readBytes(resolve(cwd, path))
  // What cannot be read is told by the program's edge.
  if (bytes === undefined || bytes.length > 1_000_000 || !isUtf8(bytes)) throw new NotWithin()
  return { path, text: bytes.toString() }
}

function readBytes(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

/** As the helper gives the bytes that a program writes. */
function latin1(text: string): string {
  return Buffer.from(text).toString('latin1')
}

function writeReport(path: string, report: Report): void {
  try {
    writeFileSync(path, `${JSON.stringify(report, undefined, 2)}\n`)
  } catch {
    throw new NotWithin()
  }
}
