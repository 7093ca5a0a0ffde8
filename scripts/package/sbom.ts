import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { version } from '../../src/version.ts'
import { bundling, nameOf, packagesIn, required, root } from '../bundling.ts'
import { place } from './folder.ts'
import { nodeVersion, platforms } from './platforms.ts'
import type { PlatformName } from './platforms.ts'
import type { Workshop } from './workshop.ts'

/**
 * What is inside, as CycloneDX 1.6: the packages whose code is bundled, and Node in the executables. `npm sbom` knows
 * of neither, since nothing is left to be installed. No time and no serial number, so that it is the same each time.
 */
export async function makeSbom({ out }: Workshop, executables: readonly PlatformName[]): Promise<string[]> {
  const { metafile } = await build({ ...bundling, entryPoints: ['src/main.ts'], outfile: 'bundle.mjs', write: false, banner: { js: required } })
  const own = purl('helm-netpol', version)
  const bundled = packagesIn([metafile]).map(component)
  const runtimes = executables.map(runtime)
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: { 'bom-ref': own, type: 'application', name: 'helm-netpol', version, purl: own, licenses: [{ license: { id: 'Apache-2.0' } }] },
    },
    components: [...bundled, ...runtimes],
    dependencies: [{ ref: own, dependsOn: [...bundled, ...runtimes].map(part => part['bom-ref']) }],
  }
  const file = `helm-netpol-${version}.cdx.json`
  place(join(out, file), `${JSON.stringify(document, undefined, 2)}\n`)
  return [file]
}

interface Component {
  readonly 'bom-ref': string
  readonly [key: string]: unknown
}

/** A bundled package, as the lock file knows it. */
function component(folder: string): Component {
  const lock: Lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const entry = lock.packages[`node_modules/${folder}`]
  if (entry === undefined) throw new Error(`${folder} is bundled and not in package-lock.json`)
  const [algorithm, sum] = entry.integrity.split('-')
  if (algorithm !== 'sha512' || sum === undefined) throw new Error(`package-lock.json has no sha512 of ${folder}`)
  const name = nameOf(folder)
  return {
    'bom-ref': purl(name, entry.version),
    type: 'library',
    ...named(name),
    version: entry.version,
    purl: purl(name, entry.version),
    licenses: [{ license: { id: entry.license } }],
    // Of the package's archive.
    hashes: [{ alg: 'SHA-512', content: Buffer.from(sum, 'base64').toString('hex') }],
  }
}

/** What we read of package-lock.json, which npm wrote. */
interface Lock {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly license: string; readonly integrity: string }>>
}

function runtime(platform: PlatformName): Component {
  const { package: name, sum } = platforms[platform]
  return {
    'bom-ref': `${purl(name, nodeVersion)}#${platform}`,
    type: 'platform',
    name: 'node',
    version: nodeVersion,
    description: `Node.js in the executable for ${platform}`,
    purl: purl(name, nodeVersion),
    licenses: [{ license: { id: 'MIT' } }],
    // Of the binary before anything was put into it.
    hashes: [{ alg: 'SHA-256', content: sum }],
  }
}

/** A package's name, its scope apart. */
function named(name: string): { group?: string; name: string } {
  const [, group, rest] = /^(@[^/]+)\/(.+)$/.exec(name) ?? []
  return group === undefined || rest === undefined ? { name } : { group, name: rest }
}

function purl(name: string, of: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${of}`
}
