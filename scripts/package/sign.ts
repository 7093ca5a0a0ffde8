import { join } from 'node:path'
import { list } from 'tar'
import { execa, ExecaError } from 'execa'
import { place } from './folder.ts'

/** What keeps gpg from signing, in its own words. */
export class NoSignature extends Error {}

/**
 * `.prov` files as `helm plugin package --sign` writes them: plugin.yaml and the archive's sum, signed in clear
 * (helm v4, pkg/provenance: messageBlock). And a signature of the sums. `key` is what gpg takes for `--local-user`.
 */
export async function sign(out: string, sums: ReadonlyMap<string, string>, key: string): Promise<string[]> {
  const archives = [...sums].filter(([name]) => name.endsWith('.tgz') && name.startsWith('netpol'))
  const made: string[] = []
  for (const [name, sum] of archives) {
    const message = `${await pluginYaml(join(out, name))}\n...\nfiles:\n  ${name}: sha256:${sum}\n`
    place(join(out, `${name}.prov`), await gpg(['--clear-sign', '--digest-algo', 'SHA512'], key, message))
    made.push(`${name}.prov`)
  }
  await gpg(['--armor', '--detach-sign', '--yes', '--output', join(out, 'SHA256SUMS.asc'), join(out, 'SHA256SUMS')], key, '')
  return [...made, 'SHA256SUMS.asc']
}

async function pluginYaml(archive: string): Promise<string> {
  const chunks: Buffer[] = []
  await list({
    file: archive,
    filter: path => path.split('/').slice(1).join('/') === 'plugin.yaml',
    onReadEntry: entry => void entry.on('data', chunk => chunks.push(chunk)),
  })
  return Buffer.concat(chunks).toString()
}

async function gpg(command: readonly string[], key: string, input: string): Promise<string> {
  try {
    return (await execa('gpg', ['--batch', '--local-user', key, ...command], { input, stripFinalNewline: false })).stdout
  } catch (problem) {
    if (!(problem instanceof ExecaError)) throw problem
    throw new NoSignature(
      problem.code === 'ENOENT' ? 'gpg is not on the PATH; --sign needs it' : `gpg: ${String(problem.stderr).trim() || problem.shortMessage}`,
    )
  }
}
