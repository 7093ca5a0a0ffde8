import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { judgeSources, suite } from './paths.ts'

/** How a judge is made, and what is not known without it. */
export interface Program {
  /** What it answers. */
  answers: string
  recipe(): Recipe | { missing: string }
}

export type Recipe =
  /** `go install PACKAGE@VERSION`: the program gets the name of the package's folder. */
  | { kind: 'install'; package: string; version: string; named: string }
  /** A Go module in a folder; archives are unpacked beside its sources, in a copy. `main` is its program where that is not the folder itself. */
  | { kind: 'module'; folder: string; archives: readonly string[]; main?: string }

const own =
  (name: string): Program['recipe'] =>
  () => ({ kind: 'module', folder: join(suite, 'judges', name), archives: [] })

function beside(name: string, archive: string, main = '.'): Recipe | { missing: string } {
  const folder = judgeSources()
  if (folder === undefined) return { missing: 'its sources are not in this repository (set HELM_NETPOL_JUDGES to their folder)' }
  const file = join(folder, name, archive)
  return existsSync(file) ? { kind: 'module', folder: join(folder, name), archives: [archive], main } : { missing: `HELM_NETPOL_JUDGES has no ${name}/${archive}` }
}

const helm =
  (major: 3 | 4, version: string): Program['recipe'] =>
  () => ({ kind: 'install', package: `helm.sh/helm/v${major}/cmd/helm`, version, named: 'helm' })

/** The newest that the Go of the other judges builds. */
const kustomize: Program['recipe'] = () => ({ kind: 'install', package: 'sigs.k8s.io/kustomize/kustomize/v5', version: 'v5.8.1', named: 'kustomize' })

export const PROGRAMS = {
  helm4: { answers: 'rendering and releases with Helm 4', recipe: helm(4, 'v4.2.4') },
  helm3: { answers: 'rendering and releases with Helm 3', recipe: helm(3, 'v3.21.4') },
  'helm4-strategies': { answers: "the post-render strategies of Helm 4's library", recipe: own('strategies') },
  'oracle-cilium': { answers: "Cilium's verdicts", recipe: own('cilium') },
  testcluster: { answers: "the API server's verdicts and everything that needs a cluster", recipe: own('cluster') },
  kustomize: { answers: 'what kustomize makes of the KRM function', recipe: kustomize },
  'oracle-calico': { answers: "Calico's verdicts", recipe: () => beside('calico', 'calico-src.tar.xz') },
  'judge-flux': { answers: "Flux's releases", recipe: () => beside('flux', 'helm-controller-src.tar.xz', './cmd/exp') },
} satisfies Record<string, Program>

export type ProgramName = keyof typeof PROGRAMS
export const programNames: readonly ProgramName[] = ['helm4', 'helm3', 'helm4-strategies', 'oracle-cilium', 'testcluster', 'kustomize', 'oracle-calico', 'judge-flux']
