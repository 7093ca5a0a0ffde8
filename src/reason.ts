import { visible } from './visible.ts'

/** What Node says went wrong, in words for the user. */
export function reason(problem: unknown): string {
  const code = errorCode(problem) ?? ''
  if (code === 'ERR_ACCESS_DENIED') return `Node's permission model does not allow it (ERR_ACCESS_DENIED)${permissionFlag(problem)}`
  return reasons[code] ?? visible(problem instanceof Error ? problem.message : String(problem))
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read or written by this user',
  ENOSPC: 'the disk is full',
  ENXIO: 'it is a socket, or a device that is not there',
}

export function errorCode(problem: unknown): string | undefined {
  return problem instanceof Error && 'code' in problem && typeof problem.code === 'string' ? problem.code : undefined
}

/** The flag that lifts a denial, where there is one (nodejs.org, Permission Model): the error names what was asked for, and the file. */
function permissionFlag(problem: unknown): string {
  const { permission, resource }: { permission?: unknown; resource?: unknown } = Object(problem)
  const flag = flags.get(permission)
  return flag === undefined || typeof resource !== 'string' ? '' : visible(`; ${flag}=${resource} would`)
}

const flags: ReadonlyMap<unknown, string> = new Map([
  ['FileSystemRead', '--allow-fs-read'],
  ['FileSystemWrite', '--allow-fs-write'],
])

/**
 * A mistake of ours for a report: its name, its place in the bundle, and what V8 says of it as far as that quotes nothing but code. The rest
 * of a message may hold data of the stream.
 */
export function traceOf(problem: unknown): string {
  if (!(problem instanceof Error)) return `a thrown ${typeof problem}`
  const { name, message, stack = '' } = problem
  const said = harmless.exec(message)?.[0]
  const frames = stack.slice(Math.max(0, stack.indexOf(message)) + message.length).split('\n')
  return [visible(said === undefined ? name : `${name}: ${said}`), ...frames.filter(line => line.startsWith('    at ')).map(visible)].join('\n')
}

const harmless =
  /^(?:Cannot read properties of (?:undefined|null)|Maximum call stack size exceeded|Invalid (?:string|array) length|[\w.$]+ is not (?:a function|defined))/
