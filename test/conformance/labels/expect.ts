import type { Engine } from '../flows/model.ts'
import { at } from '../harness/manifest.ts'
import type { Value } from '../harness/manifest.ts'
import type { Meant } from './meant.ts'

/** A place of a policy, with the string or strings that are meant there. */
export interface Expected {
  readonly path: readonly string[]
  readonly value: Value
}

/** What the policy of a workload has to say, in the words of its engine. */
export function expected(engine: Engine, meant: Meant): Expected[] {
  const { name, namespace, labels, matchLabels, matchExpressions, file } = meant
  const selector: Value = {
    ...(Object.keys(matchLabels).length === 0 ? {} : { matchLabels: { ...matchLabels } }),
    ...(matchExpressions.length === 0
      ? {}
      : { matchExpressions: matchExpressions.map(({ key, operator, values }) => ({ key, operator, ...(values.length === 0 ? {} : { values: [...values] }) })) }),
  }
  const metadata: Expected[] = [
    { path: ['metadata', 'annotations'], value: { 'helm-netpol/policy': `allowlist/${name}`, 'postrenderer.helm.sh/postrender-filename': besideOf(file) } },
    ...(Object.keys(labels).length === 0 ? [] : [{ path: ['metadata', 'labels'], value: { ...labels } }]),
  ]
  const own: Expected[] = [
    { path: ['metadata', 'name'], value: name },
    { path: ['metadata', 'namespace'], value: namespace },
  ]
  switch (engine) {
    case 'kubernetes':
      return [...metadata, ...own, { path: ['spec', 'podSelector'], value: selector }]
    case 'cilium':
      return [...metadata, ...own, { path: ['spec', 'endpointSelector'], value: selector }]
    case 'calico':
      return [...metadata, ...own, { path: ['spec', 'selector'], value: inCalicosWords(meant) }]
    case 'clusterNetworkPolicy': {
      const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } }
      return [
        ...metadata,
        { path: ['metadata', 'name'], value: `${name}-${namespace}` },
        { path: ['spec', 'subject', 'pods'], value: { namespaceSelector, podSelector: selector } },
      ]
    }
  }
}

/** Whether a string stands somewhere in a value. */
export function mentions(value: Value | undefined, text: string): boolean {
  if (value === text) return true
  if (value === null || typeof value !== 'object') return false
  return Object.values(value).some(inner => mentions(inner, text))
}

export const rulesOf = (policy: Value): Value | undefined => at(policy, 'spec', 'ingress')

function besideOf(file: string): string {
  return file.replace(/[^/]*$/, 'helm-netpol.yaml')
}

function inCalicosWords({ matchLabels, matchExpressions }: Meant): string {
  const terms = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key} == '${value}'`),
    ...matchExpressions.map(({ key, operator, values }) => {
      if (operator === 'Exists') return `has(${key})`
      if (operator === 'DoesNotExist') return `!has(${key})`
      return `${key} ${operator === 'In' ? 'in' : 'not in'} { ${values.map(value => `'${value}'`).join(', ')} }`
    }),
  ]
  return terms.join(' && ')
}
