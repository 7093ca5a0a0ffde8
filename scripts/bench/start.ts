import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { version } from '../../src/version.ts'
import { root } from '../bundling.ts'
import { hostPlatform } from '../package/platforms.ts'
import type { Job } from './measure.ts'
import { example } from './streams.ts'

/** The bundle as it is shipped. */
export const bundle = join(root, 'dist/helm-netpol.mjs')
/** What is asked of it in every comparison. */
export const flags = ['--engine', 'cilium', '--controller', '*'] as const

export function emptyNode(stdin: string, node = process.execPath): Job {
  return { name: 'an empty node', command: [node, '-e', '0'], stdin }
}

export function ours(stdin: string, node = process.execPath): Job {
  return { name: 'helm-netpol', command: [node, bundle, ...flags], stdin }
}

/** From nothing to a finished run, one step more each; the first is what all of them are compared with. */
export function startJobs(node: string, scratch: string): Job[] {
  const stdin = example().path
  const module = (name: string, text: string): string => {
    const path = join(scratch, `${name}.mjs`)
    writeFileSync(path, text)
    return path
  }
  const values = join(root, 'docs/example/values.yaml')
  return [
    emptyNode(stdin, node),
    { name: 'an empty ES module', command: [node, module('empty', '')], stdin },
    { name: 'helm-netpol --version: the bundle is compiled, the flags are read', command: [node, bundle, '--version'], stdin },
    { name: 'nothing enabled: the stream is read and written', command: [node, bundle], stdin },
    { name: 'policies for every workload', command: [node, bundle, ...flags], stdin },
    { name: 'a values file, egress locked', command: [node, bundle, '-f', values], stdin },
  ]
}

/** What is not loaded at a start, and what loading it would cost on top of an empty ES module. */
export function importJobs(node: string, scratch: string): Job[] {
  const stdin = example().path
  const importing = (what: string, specifier: string): Job => {
    const path = join(scratch, `import-${what.replaceAll(/\W+/g, '-')}.mjs`)
    writeFileSync(path, `import ${JSON.stringify(specifier)}\n`)
    return { name: what, command: [node, path], stdin }
  }
  const builtins = ['buffer', 'fs', 'path', 'url', 'util'].map(name => `node:${name}`)
  const chunks = ['yaml.mjs', 'passthrough.mjs', 'commands.mjs', 'picture.mjs', 'cluster.mjs']
  const nothing = importing('nothing', join(scratch, 'nothing.mjs'))
  writeFileSync(join(scratch, 'nothing.mjs'), '')
  return [
    { ...nothing, name: 'an ES module that imports an empty one' },
    ...builtins.map(name => importing(`\`import '${name}'\``, name)),
    ...chunks.map(name => importing(`dist/${name}`, join(root, 'dist', name))),
  ]
}

/** Ways to a quicker start that the user chooses. Empty where this machine and this Node have none. */
export function quickerJobs(node: string, scratch: string): Job[] {
  const stdin = example().path
  const cache = join(scratch, 'compile-cache')
  mkdirSync(cache, { recursive: true })
  const cached: Job = { name: 'with `NODE_COMPILE_CACHE`', command: [node, bundle, ...flags], stdin, environment: { NODE_COMPILE_CACHE: cache } }
  const executable = process.env['HELM_NETPOL_EXECUTABLE'] ?? join(root, `build/packages/helm-netpol-${version}-${hostPlatform() ?? 'none'}`)
  return [cached, ...(existsSync(executable) ? [{ name: 'the executable', command: [executable, ...flags], stdin } as const] : [])]
}
