import { makeExecutable } from './executable.ts'
import { makeNpmPackage } from './npm.ts'
import { platforms } from './platforms.ts'
import type { PlatformName } from './platforms.ts'
import { makeNetpol, makeNetpolTools } from './plugins.ts'
import type { Workshop } from './workshop.ts'

export interface Product {
  readonly describe: string
  /** Node is inside; the SBOM says so. */
  readonly platform?: PlatformName
  /** Makes it, and answers the names of its files in the folder of what is finished. */
  make(workshop: Workshop): Promise<string[]>
}

/** What `npm run package` can make, by the word that asks for it. */
export const products: Readonly<Record<string, Product>> = {
  npm: { describe: 'the npm package', make: makeNpmPackage },
  netpol: { describe: 'the Helm 4 plugin, for machines with Node', make: makeNetpol },
  'netpol-tools': { describe: 'explain, values and the rest as a command of Helm 4 or 3', make: makeNetpolTools },
  ...Object.fromEntries(names().map(platform => [platform, executable(platform)])),
}

function executable(platform: PlatformName): Product {
  return { describe: `an executable without need of Node, and its Helm 4 plugin`, platform, make: workshop => makeExecutable(workshop, platform) }
}

function names(): PlatformName[] {
  return Object.keys(platforms).filter((name): name is PlatformName => Object.hasOwn(platforms, name))
}
