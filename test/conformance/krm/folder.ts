import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { chartFolder } from '../harness/paths.ts'
import { bundle } from '../harness/product.ts'
import { scratch } from '../harness/scratch.ts'
import { CONTROLLER, NAMESPACE, RELEASE } from '../flows/subjects.ts'

let count = 0

/** A new folder with these files; what is no text is written as JSON, which is YAML. */
export function folderOf(files: Readonly<Record<string, string | object>>): string {
  const folder = scratch(`krm/${++count}`)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content, undefined, 2))
  }
  return folder
}

/** The functionConfig of a transformer that runs the bundle. */
export function transformer(networkPolicy: object | undefined, exec: object = {}): object {
  const annotations = { 'config.kubernetes.io/function': JSON.stringify({ exec: { path: bundle(), ...exec } }) }
  const config = { apiVersion: 'helm-netpol/v1alpha1', kind: 'NetworkPolicyValues', metadata: { name: 'netpol', annotations } }
  return networkPolicy === undefined ? config : { ...config, spec: { networkPolicy } }
}

/** A kustomization that renders the chart itself. */
export function withChart(config: object, files: Readonly<Record<string, string | object>> = {}): string {
  const helmCharts = [{ name: CONTROLLER, releaseName: RELEASE, namespace: NAMESPACE, ...('values.json' in files ? { valuesFile: 'values.json' } : {}) }]
  const folder = folderOf({ 'kustomization.yaml': { helmGlobals: { chartHome: 'charts' }, helmCharts, transformers: ['netpol.yaml'] }, 'netpol.yaml': config, ...files })
  cpSync(chartFolder(), join(folder, 'charts', CONTROLLER), { recursive: true })
  return folder
}

/** A kustomization over a stream that is rendered already. */
export const withStream = (stream: string, config: object, more: object = {}): string =>
  folderOf({ 'kustomization.yaml': { resources: ['all.yaml'], transformers: ['netpol.yaml'], ...more }, 'all.yaml': stream, 'netpol.yaml': config })
