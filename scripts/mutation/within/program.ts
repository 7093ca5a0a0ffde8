import { isUtf8 } from 'node:buffer'
import { readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { parseCommand } from '../../../src/cli.ts'
import type { Request } from '../../../src/cli.ts'
import { formatDiagnostics } from '../../../src/diagnostics/format.ts'
import { helpText } from '../../../src/help.ts'
import { answerResourceList } from '../../../src/krm/answer.ts'
import { mayBeResourceList } from '../../../src/krm/detect.ts'
import { run } from '../../../src/run.ts'
import type { Report } from '../../../src/report/report.ts'
import type { TextFile } from '../../../src/values/load.ts'
import { version } from '../../../src/version.ts'
import type { Call, Outcome } from '../../../test/helpers/program.ts'

/** Stands in for test/helpers/program.ts: the filter within this process, from the command line to the exit code. */

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
      return { stdout: helpText(), stderr: '', exitCode: 0 }
    case 'version':
      return { stdout: `${version}\n`, stderr: '', exitCode: 0 }
    case 'refuse':
    case 'command':
      throw new NotWithin()
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
    return { stdout: Buffer.from(output ?? '').toString('latin1'), stderr: formatDiagnostics(diagnostics), exitCode: report.ok ? 0 : 1 }
  }
  const { output, diagnostics, report } = await run(stream, options)
  if (request.report !== undefined) writeReport(resolve(cwd, request.report), report)
  return { stdout: output?.toString('latin1') ?? '', stderr: formatDiagnostics(diagnostics), exitCode: output === undefined ? 1 : 0 }
}

function readValues(path: string, cwd: string): TextFile {
  try {
    const bytes = readFileSync(resolve(cwd, path))
    return isUtf8(bytes) ? { path, text: bytes.toString() } : { path, problem: 'it is not valid UTF-8' }
  } catch {
    throw new NotWithin()
  }
}

function writeReport(path: string, report: Report): void {
  try {
    writeFileSync(path, `${JSON.stringify(report, undefined, 2)}\n`)
  } catch {
    throw new NotWithin()
  }
}
