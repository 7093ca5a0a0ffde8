import { commands as commandWords, parseCommand } from './cli.ts'
import type { CommandRequest, Request } from './cli.ts'
import { formatDiagnostics } from './diagnostics/format.ts'
import { blockScalar } from './failure.ts'
import { helpText } from './help.ts'
import type { FunctionOptions } from './krm/config.ts'
import { mayBeResourceList } from './krm/detect.ts'
import { closeSync, delimiter, dirname, fileURLToPath, fstatSync, openSync, readSync, realpathSync, resolve, writeFileSync, writeSync } from './node-edge.ts'
import { isUtf8 } from './node.ts'
import { errorCode, reason, traceOf } from './reason.ts'
import { replaceFile } from './replace-file.ts'
import type { Report } from './report/report.ts'
import { run } from './run.ts'
import type { TextFile } from './values/load.ts'
import { version } from './version.ts'
import { visible, visibleJson, visibleLines } from './visible.ts'

/** The edge: with replace-file.ts the only one that touches stdin, stdout, stderr, files, the environment and the exit code. */

process.exitCode = await main()

async function main(): Promise<number> {
  try {
    const command = parseCommand(process.argv.slice(2), process.env, delimiter)
    switch (command.do) {
      case 'help':
        return succeed(helpText())
      case 'version':
        return succeed(`${version}\n`)
      case 'refuse':
        return fail(2, `${command.mistakes.map(mistake => `helm-netpol: ${visible(mistake)}`).join('\n')}\nhelm-netpol --help shows the flags.\n`)
      case 'filter':
        return await filter(command.request)
      case 'command':
        return await runCommand(command)
    }
  } catch (problem) {
    if (isBrokenPipe(problem)) return 0
    if (errorCode(problem) === 'ERR_MODULE_NOT_FOUND')
      return fail(1, `helm-netpol: a file beside the bundle is missing. Install it again.\n${reason(problem)}\n`)
    if (errorCode(problem) === 'ERR_ACCESS_DENIED') return fail(1, `helm-netpol: something is needed beside the files that are named: ${reason(problem)}.\n`)
    if (errorCode(problem) !== undefined) return fail(1, `helm-netpol: stdin or stdout cannot be used: ${reason(problem)}\n`)
    const asked = 'Please report it with the values, the stream (without secrets) and this'
    return fail(3, `helm-netpol ${version}: a mistake of helm-netpol itself. ${asked}:\n${traceOf(problem)}\n`)
  }
}

async function filter(request: Request): Promise<number> {
  if (await isTerminal(0)) return fail(2, `helm-netpol: nothing is piped into stdin.\n\n${helpText()}`)
  if (request.onlyPolicies === true && isHelm4Plugin()) return fail(2, 'helm-netpol: --only-policies would leave the chart itself out of the release.\n')
  const stream = readStdin()
  const options = { ...request, files: request.values.map(readValues) }
  if (mayBeResourceList(stream) && !isHelm4Plugin()) return runFunction(stream, options, request)
  const { output, diagnostics, report } = await run(stream, options)
  const problem = request.report === undefined ? undefined : writeReport(request.report, report)
  const text = formatDiagnostics(diagnostics)
  if (output === undefined || problem !== undefined) return fail(1, `${text}${problem ?? ''}`)
  tell(text)
  write(1, output)
  return 0
}

/** As a KRM function, which answers on stdout whatever happens; its code is loaded only then. */
async function runFunction(stream: Buffer, options: FunctionOptions, request: Request): Promise<number> {
  if (request.onlyPolicies === true) return fail(2, 'helm-netpol: --only-policies is for a rendered chart; a ResourceList is answered with all its items.\n')
  const { answerResourceList } = await import('./commands/index.ts')
  const { output, diagnostics, report } = await answerResourceList(stream, options)
  const problem = request.report === undefined ? '' : (writeReport(request.report, report) ?? '')
  tell(`${formatDiagnostics(diagnostics)}${problem}`)
  if (output !== undefined) write(1, Buffer.from(output))
  return report.ok && problem === '' ? 0 : 1
}

/** The other commands, whose code is loaded only for them. */
async function runCommand(command: CommandRequest): Promise<number> {
  const { readsStream } = commandWords[command.name]
  if (readsStream && (await isTerminal(0))) return fail(2, `helm-netpol: nothing is piped into stdin.\n\n${helpText()}`)
  const { commands, CommandProblem } = await import('./commands/index.ts')
  const options = { ...command.request, files: command.request.values.map(readValues) }
  try {
    const { text, diagnostics, report, file } = await commands[command.name]({
      ...command,
      options,
      stream: readsStream ? readStdin() : Buffer.alloc(0),
      terminal: await terminal(),
      readFile: readValues,
    })
    const reportPath = command.request.report
    const unreported = report === undefined || reportPath === undefined ? undefined : writeReport(reportPath, report)
    const problem = unreported !== undefined || file === undefined ? unreported : tryToWrite(file.path, () => replaceFile(file.path, file.text))
    if (problem !== undefined) return fail(1, `${formatDiagnostics(diagnostics)}${problem}`)
    tell(formatDiagnostics(diagnostics))
    if (text !== undefined) write(1, Buffer.from(text))
    return text === undefined || diagnostics.some(({ severity }) => severity === 'error') ? 1 : 0
  } catch (problem) {
    if (problem instanceof CommandProblem) return fail(problem.code, `helm-netpol: ${problem.message.split('\n').join('\n  ')}\n`)
    throw problem
  }
}

/** Colours go to terminals only, and not where the user wants none (no-color.org). */
async function terminal(): Promise<{ width: number; color: boolean }> {
  const shown = await isTerminal(1)
  const columns = Number(process.env['COLUMNS']) || (shown ? process.stdout.columns : 0)
  return { width: Math.max(40, columns || 120), color: shown && !process.env['NO_COLOR'] }
}

function succeed(text: string): number {
  write(1, Buffer.from(text))
  return 0
}

/** Nothing on stdout, unless Helm 4 runs us as a plugin: it would show nothing of stderr. */
function fail(code: number, text: string): number {
  if (!isHelm4Plugin()) {
    tell(text)
    return code
  }
  write(1, Buffer.from(blockScalar(text)))
  return 0
}

/** On stderr; where nobody can hear it, the exit code and the output still say how it went. */
function tell(text: string): void {
  try {
    write(2, Buffer.from(visibleLines(text)))
  } catch (problem) {
    if (errorCode(problem) === undefined) throw problem
  }
}

/** Helm 4 names the plugin's folder, which may be a link to ours; Helm 3 runs executables without it. */
function isHelm4Plugin(): boolean {
  const folder = process.env['HELM_PLUGIN_DIR']
  if (folder === undefined || folder === '') return false
  const own = fileURLToPath(import.meta.url)
  // As it is written first: Node's permission model may let nobody follow the path.
  if (resolve(folder) === dirname(dirname(own))) return true
  try {
    return realpathSync(folder) === dirname(dirname(realpathSync(own)))
  } catch {
    return false
  }
}

/** At most so many bytes: a longer text is more than V8 holds, and more than any cluster takes. */
function readStdin(): Buffer {
  return readAll(0, 500_000_000)
}

/** A values file's text, or the reason why there is none. */
function readValues(path: string): TextFile {
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, 'r')
    if (isPipedStdin(descriptor)) return { path, problem: 'it is stdin, which holds the stream' }
    const bytes = readAll(descriptor, 50_000_000)
    return isUtf8(bytes) ? { path, text: bytes.toString() } : { path, problem: 'it is not valid UTF-8' }
  } catch (problem) {
    return { path, problem: reason(problem) }
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

/** Whether `/dev/stdin` was opened: a pipe is empty once it is read. */
function isPipedStdin(descriptor: number): boolean {
  const [own, stdin] = [fstatSync(descriptor), fstatSync(0)]
  return (own.isFIFO() || own.isSocket()) && own.ino === stdin.ino && own.dev === stdin.dev
}

/** Everything from a file, a pipe or a device, which may never end. */
function readAll(descriptor: number, most: number): Buffer {
  // A file tells its size; a pipe says 0, and the buffer grows as it is read.
  const { size: known } = fstatSync(descriptor)
  let buffer = Buffer.allocUnsafe(known > most ? 0 : Math.max(known + 1, 1 << 18))
  let length = 0
  for (;;) {
    if (known > most || length > most) throw Object.assign(new Error(`it holds more than ${most / 1_000_000} MB`), { code: 'EFBIG' })
    if (length === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2)
    const size = patiently(() => readSync(descriptor, buffer, length, buffer.length - length, null))
    if (size === 0) return buffer.subarray(0, length)
    length += size
  }
}

function writeReport(path: string, report: Report): string | undefined {
  return tryToWrite(path, () => writeFileSync(path, `${visibleJson(JSON.stringify(report, undefined, 2))}\n`))
}

/** What keeps a file from being written. */
function tryToWrite(path: string, write: () => void): string | undefined {
  try {
    write()
    return undefined
  } catch (problem) {
    return `helm-netpol: ${visible(path)} cannot be written: ${reason(problem)}\n`
  }
}

function write(descriptor: 1 | 2, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) {
    written += patiently(() => writeSync(descriptor, bytes, written))
  }
}

/** Repeats a call on a pipe that is not ready: a non-blocking descriptor answers EAGAIN. */
function patiently(call: () => number): number {
  for (;;) {
    try {
      return call()
    } catch (problem) {
      if (errorCode(problem) === 'EOF') return 0
      if (errorCode(problem) !== 'EAGAIN') throw problem
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

async function isTerminal(descriptor: number): Promise<boolean> {
  // Loaded only for a character device, which a pipe never is.
  return fstatSync(descriptor).isCharacterDevice() && (await import('node:tty')).isatty(descriptor)
}

function isBrokenPipe(problem: unknown): boolean {
  return errorCode(problem) === 'EPIPE'
}
