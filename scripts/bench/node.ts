import { execFileSync } from 'node:child_process'

/** The Node that everything is measured with: BENCH_NODE, or the one that runs this. */
export const node = process.env['BENCH_NODE'] ?? process.execPath

/** `26.10.0`: what a Node says of itself. */
export function versionOf(path: string): string {
  return path === process.execPath ? process.versions.node : execFileSync(path, ['--version'], { encoding: 'utf8' }).trim().replace(/^v/, '')
}

/** NODE_COMPILE_CACHE does something from Node 22.1 on (nodejs.org, Module compile cache). */
export function hasCompileCache(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 1)
}
