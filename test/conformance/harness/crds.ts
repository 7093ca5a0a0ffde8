import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { moduleFolder } from './cache.ts'
import { crdsFolder, judgeSources, suite } from './paths.ts'
import { run } from './proc.ts'
import { scratch } from './scratch.ts'

/** Where a CRD comes from: a Go module that a judge is built of, an archive beside the judges, or a folder that is named. */
interface Source {
  file: string
  module?: { name: string; path: string }
  archive?: { judge: string; file: string; path: string }
}

const POLICY_API = 'sigs.k8s.io/network-policy-api'
const calico = (file: string): Source => ({ file, archive: { judge: 'calico', file: 'calico-src.tar.xz', path: `calico-src/api/config/crd/${file}` } })

/** What most clusters have: fields of the experimental channel are unknown there. */
const STANDARD: Source = {
  file: 'policy.networking.k8s.io_clusternetworkpolicies.yaml',
  module: { name: POLICY_API, path: 'config/crd/standard/policy.networking.k8s.io_clusternetworkpolicies.yaml' },
}
const EXPERIMENTAL: Source = { file: 'experimental.yaml', module: { name: POLICY_API, path: 'config/crd/experimental/policy.networking.k8s.io_clusternetworkpolicies.yaml' } }

const SOURCES: readonly Source[] = [
  { file: 'cilium.io_ciliumnetworkpolicies.yaml', module: { name: 'github.com/cilium/cilium', path: 'pkg/k8s/apis/cilium.io/client/crds/v2/ciliumnetworkpolicies.yaml' } },
  STANDARD,
  calico('projectcalico.org_networkpolicies.yaml'),
  calico('projectcalico.org_globalnetworkpolicies.yaml'),
  calico('projectcalico.org_tiers.yaml'),
]

/** The engines' CRDs, of the very versions that the judges are built of where Go has those. */
export const crds = async (): Promise<string[]> => Promise.all(SOURCES.map(read))
export const experimentalCrd = (): Promise<string> => read(EXPERIMENTAL)

const found = new Map<string, Promise<string>>()

function read(source: Source): Promise<string> {
  let text = found.get(source.file)
  if (text === undefined) found.set(source.file, (text = find(source)))
  return text
}

async function find({ file, module, archive }: Source): Promise<string> {
  const tried: string[] = []
  try {
    if (module !== undefined) return readFileSync(join(await moduleFolder(module.name, join(suite, 'judges', 'cilium')), module.path), 'utf8')
  } catch (error) {
    tried.push(error instanceof Error ? error.message : String(error))
  }
  const folder = crdsFolder()
  if (folder !== undefined && existsSync(join(folder, file))) return readFileSync(join(folder, file), 'utf8')
  const sources = judgeSources()
  if (archive !== undefined && sources !== undefined) {
    const target = scratch('crds')
    const ran = await run('tar', ['xJf', join(sources, archive.judge, archive.file), '-C', target, archive.path])
    if (ran.code === 0) return readFileSync(join(target, archive.path), 'utf8')
    tried.push(ran.stderr)
  }
  throw new Error([`the CRD ${file} is not there (set HELM_NETPOL_CRDS to a folder that has it)`, ...tried].join('\n'))
}
