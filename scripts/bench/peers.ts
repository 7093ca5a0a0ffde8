import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, cacheFolder, keyed } from '../../test/conformance/harness/cache.ts'
import { PROGRAMS } from '../../test/conformance/harness/programs.ts'
import type { Recipe } from '../../test/conformance/harness/programs.ts'
import type { Job } from './measure.ts'
import type { BenchStream } from './streams.ts'

/** Another program that adds a document to a stream, which is the least that any of them could do in our place. */
export interface Peer {
  readonly name: string
  /** The program; undefined with the reason why it is not there. */
  readonly path: string | undefined
  readonly missing: string
  job(path: string, stream: BenchStream, folder: string): Job
}

export async function findPeers(): Promise<Peer[]> {
  return [
    { name: 'kustomize build', ...(await found('kustomize', 'kustomize', ['version'], /^v5/, PROGRAMS.kustomize.recipe())), job: kustomizeJob },
    { name: 'yq v4', ...(await found('yq', 'yq', ['--version'], /mikefarah/, yq)), job: yqJob },
    { name: 'ytt', ...(await found('ytt', 'ytt', ['version'], /^ytt/, undefined)), job: yttJob },
  ]
}

const yq: Recipe = { kind: 'install', package: 'github.com/mikefarah/yq/v4', version: 'v4.53.4', named: 'yq' }

/** On the PATH, if it is the program of that name which is meant; else built by Go into the cache of the conformance suite. */
async function found(
  name: string,
  command: string,
  args: readonly string[],
  known: RegExp,
  recipe: Recipe | { missing: string } | undefined,
): Promise<{ path: string | undefined; missing: string }> {
  const asked = spawnSync(command, args, { encoding: 'utf8' })
  if (asked.status === 0 && known.test(`${asked.stdout}${asked.stderr}`)) return { path: command, missing: '' }
  if (recipe === undefined || 'missing' in recipe) return { path: undefined, missing: `${name} is not on the PATH, and is not built here` }
  const file = join(cacheFolder(), keyed(name, recipe))
  if (existsSync(file)) return { path: file, missing: '' }
  try {
    mkdirSync(cacheFolder(), { recursive: true })
    await build(recipe, file)
    return { path: file, missing: '' }
  } catch (problem) {
    return {
      path: undefined,
      missing: `${name} is not on the PATH and cannot be built: ${problem instanceof Error ? (problem.message.split('\n')[0] ?? '') : ''}`,
    }
  }
}

/** As a post-renderer of kustomize does it: the stream becomes a file among the resources. */
function kustomizeJob(path: string, stream: BenchStream, folder: string): Job {
  const base = join(folder, `kustomize-${stream.name.replaceAll(/\W+/g, '-')}`)
  mkdirSync(base, { recursive: true })
  copyFileSync(stream.path, join(base, 'all.yaml'))
  writeFileSync(join(base, 'policy.yaml'), policy)
  writeFileSync(join(base, 'kustomization.yaml'), 'resources:\n  - all.yaml\n  - policy.yaml\n')
  return { name: 'kustomize', command: [path, 'build', base], stdin: stream.path }
}

function yqJob(path: string, stream: BenchStream, folder: string): Job {
  return { name: 'yq', command: [path, '.', '-', policyFile(folder)], stdin: stream.path }
}

function yttJob(path: string, stream: BenchStream, folder: string): Job {
  return { name: 'ytt', command: [path, '-f', '-', '-f', policyFile(folder)], stdin: stream.path }
}

function policyFile(folder: string): string {
  const path = join(folder, 'policy.yaml')
  writeFileSync(path, policy)
  return path
}

const policy = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: app
spec:
  podSelector:
    matchLabels:
      app: app
  policyTypes:
    - Ingress
  ingress:
    - ports:
        - port: metrics
          protocol: TCP
`
