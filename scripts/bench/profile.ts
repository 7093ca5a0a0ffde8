import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync, mkdirSync } from 'node:fs'
import { SourceMap } from 'node:module'
import type { SourceMapping } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { makeBundle } from '../bundles.ts'
import { flags } from './start.ts'
import { example } from './streams.ts'

/** Milliseconds of a run by what they were spent on, longest first; the mean of some runs under V8's sampling profiler. */
export async function profileRun(scratch: string, runs = 10): Promise<{ readonly what: string; readonly milliseconds: number }[]> {
  const folder = join(scratch, 'profiled')
  const bundle = join(folder, 'helm-netpol.mjs')
  await makeBundle('src/main.ts', bundle, { sourcemap: 'external' })
  const profiles = join(folder, 'profiles')
  mkdirSync(profiles)
  for (let run = 0; run < runs; run++) profileOnce(bundle, profiles)
  const map = new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, 'utf8')))
  const spent = new Map<string, number>()
  for (const name of readdirSync(profiles)) {
    const profile = parseProfile(readFileSync(join(profiles, name), 'utf8'))
    for (const [what, milliseconds] of spentIn(profile, place => whatOf(place, map, pathToFileURL(bundle).href))) {
      spent.set(what, (spent.get(what) ?? 0) + milliseconds / runs)
    }
  }
  return [...spent].map(([what, milliseconds]) => ({ what, milliseconds })).sort((one, other) => other.milliseconds - one.milliseconds)
}

function profileOnce(bundle: string, folder: string): void {
  const stdin = openSync(example().path, 'r')
  const { status } = spawnSync(process.execPath, ['--cpu-prof', '--cpu-prof-interval', '50', '--cpu-prof-dir', folder, bundle, ...flags], {
    stdio: [stdin, 'ignore', 'ignore'],
  })
  closeSync(stdin)
  if (status !== 0) throw new Error(`the profiled run ended with ${String(status)}`)
}

interface Frame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
  readonly columnNumber: number
}

/** As V8 writes it (Chrome DevTools Protocol, Profiler.Profile). */
interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

function parseProfile(text: string): Profile {
  const parsed: unknown = JSON.parse(text)
  if (!isProfile(parsed)) throw new Error('V8 wrote no profile')
  return parsed
}

function isProfile(value: unknown): value is Profile {
  return typeof value === 'object' && value !== null && 'nodes' in value && 'samples' in value && 'timeDeltas' in value
}

function spentIn({ nodes, samples, timeDeltas }: Profile, whatOf: (frame: Frame) => string): Map<string, number> {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, whatOf(callFrame)]))
  const spent = new Map<string, number>()
  samples.forEach((id, index) => {
    const what = names.get(id) ?? 'unknown'
    spent.set(what, (spent.get(what) ?? 0) + (timeDeltas[index] ?? 0) / 1000)
  })
  return spent
}

function whatOf({ functionName, url, lineNumber, columnNumber }: Frame, map: SourceMap, bundle: string): string {
  if (url === bundle) return sourceOf(map.findEntry(lineNumber, columnNumber))
  if (functionName === '(garbage collector)') return 'collecting garbage'
  if (/^compileSourceTextModule|^ModuleWrap$/.test(functionName)) return 'compiling the bundle'
  if (/\/(esm|cjs|modules)\//.test(url) || /internal\/modules|run_main/.test(url)) return "finding and loading it (Node's module loader)"
  return url === '' ? 'V8 and the system' : "Node's own start"
}

/** The folder of `src` that a function of the bundle comes from. */
function sourceOf(entry: SourceMapping | object): string {
  const source = 'originalSource' in entry ? entry.originalSource : ''
  const folder = /\bsrc\/([\w-]+)\//.exec(source)?.[1]
  return folder === undefined ? 'src/*.ts' : `src/${folder}`
}
