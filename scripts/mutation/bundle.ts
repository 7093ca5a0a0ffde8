import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { build } from 'esbuild'
import type { Plugin } from 'esbuild'
import { bundling, root } from '../bundling.ts'

const within = join(import.meta.dirname, 'within')

/** The tests that run within one process; the others start programs, are about parts that are none of src, or read the sources of functions. */
export function testFiles(): string[] {
  return filesBelow('test', '.test.ts').filter(file => !elsewhere.test(file))
}

const elsewhere =
  /^test\/(confinement|conformance|dist|dockerfile|docs-blocks|escapes|flux\/docs|hostile\/(?!keys)\w+|mutation|packages|permission|report-file|scripts|site|supply-chain|tests)\b/

/** Every file below a folder of the repository that ends so, in order. */
export function filesBelow(folder: string, end: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map(path => join(folder, path).replaceAll('\\', '/'))
    .filter(path => path.endsWith(end))
    .sort()
}

/** What a worker is made of. */
export interface Bundles {
  readonly worker: string
  readonly tests: string
}

export async function bundleWorker(sources: ReadonlyMap<string, string>, tests: readonly string[], folder: string): Promise<Bundles> {
  const bundles = { worker: join(folder, 'worker.mjs'), tests: join(folder, 'tests.cjs') }
  await build({ ...bundling, minify: false, metafile: false, outfile: bundles.worker, entryPoints: [join(within, 'worker.ts')] })
  await bundleTests(sources, tests, bundles.tests)
  return bundles
}

/**
 * Bundles tests and all of src, some of it instrumented, into one file; `then` is done at its end. Files of tests are loaded when they are asked
 * for, so that what runs while modules load is told from what runs in a test, and what is not needed is not loaded anew.
 */
export async function bundleTests(sources: ReadonlyMap<string, string>, tests: readonly string[], outfile: string, then = ''): Promise<void> {
  await build({
    ...bundling,
    format: 'cjs',
    minify: false,
    treeShaking: false,
    sourcemap: 'linked',
    metafile: false,
    target: 'node20',
    outfile,
    stdin: { contents: entry(tests, then), resolveDir: root, sourcefile: 'scripts/mutation/entry.ts', loader: 'ts' },
    inject: [join(within, 'switch.ts'), join(within, 'clock.ts')],
    define: { 'performance.now': 'processorTime', 'Date.now': 'processorTime' },
    plugins: [standIns, prepared(sources)],
  })
}

/** Runs all tests at the end of the bundle; the exit code is 1 where one fails. */
export const sayFailing = 'void loadAll().then(allFailing).then(ids => ids.forEach(id => { console.error(`${id} fails`); process.exitCode = 1 }))'

function entry(tests: readonly string[], then: string): string {
  const modules = filesBelow('src', '.ts').filter(file => file !== 'src/main.ts')
  return `
import { allFailing, loadAll, provide } from './scripts/mutation/within/tests.ts'
export { counted, ranAway, turnOn } from './scripts/mutation/within/switch.ts'
export { allFailing, firstFailing, loadAll, survey } from './scripts/mutation/within/tests.ts'
${modules.map(file => `import './${file}'`).join('\n')}
provide({
${tests.map(file => `${JSON.stringify(file)}: () => import('./${file}')`).join(',\n')}
})
${then}
`
}

/** What tests import is another module here. */
const standIns: Plugin = {
  name: 'stand-ins',
  setup(builder) {
    const stand: Readonly<Record<string, string>> = {
      uvu: 'uvu.ts',
      'fast-check': 'fast-check.ts',
      '/helpers/program.ts': 'program.ts',
      '/helpers/turns.ts': 'turns.ts',
    }
    builder.onResolve({ filter: /^uvu$|^fast-check$|\/helpers\/(program|turns)\.ts$/ }, ({ path, importer }) => {
      const name = stand[path] ?? stand[path.replace(/^.*(?=\/helpers\/)/, '')]
      return name === undefined || importer.startsWith(within) ? undefined : { path: join(within, name) }
    })
  },
}

/** The sources as they are to be run: with their mutants; with the folder that they are in, by which files beside them are read; without a wait for Node's modules. */
function prepared(sources: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'prepared',
    setup(builder) {
      builder.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const file = relative(root, path).replaceAll('\\', '/')
        if (!/^(src|test|scripts)\//.test(file)) return undefined
        return { contents: sources.get(file) ?? asCommonJs(readFileSync(path, 'utf8'), dirname(path)), loader: 'ts' }
      })
    },
  }
}

function asCommonJs(text: string, folder: string): string {
  return text.replaceAll('import.meta.dirname', JSON.stringify(folder)).replace(/\(await import\(('node:\w+')\)\)/g, 'require($1)')
}
