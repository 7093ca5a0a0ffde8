import type { ContainerPort, LabelSelector, Labels, Protocol } from '../flows/model.ts'
import { at, list, number, strings, text } from './manifest.ts'
import type { Manifest, Value } from './manifest.ts'

/** A workload as its manifest shows it. */
export interface Workload {
  kind: string
  name: string
  namespace: string
  labels: Labels
  /** None for a Job: no policy is made for those. */
  selector: LabelSelector | undefined
  /** Those of plain containers: no engine but Calico knows the names of a sidecar's. */
  ports: ContainerPort[]
  annotations: Record<string, string>
  hostNetwork: boolean
  hook: boolean
  spec: Value | undefined
}

const KINDS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job'])

export function workloads(objects: readonly Manifest[], releaseNamespace: string): Workload[] {
  return objects
    .filter(({ kind }) => KINDS.has(kind))
    .map(object => {
      const template = at(object.body, 'spec', 'template')
      return {
        kind: object.kind,
        name: object.name,
        namespace: object.namespace ?? releaseNamespace,
        labels: strings(at(template, 'metadata', 'labels')),
        selector: object.kind === 'Job' ? undefined : selector(at(object.body, 'spec', 'selector')),
        ports: list(at(template, 'spec', 'containers')).flatMap(container => list(at(container, 'ports')).map(port)),
        annotations: strings(at(template, 'metadata', 'annotations')),
        hostNetwork: at(template, 'spec', 'hostNetwork') === true,
        hook: at(object.body, 'metadata', 'annotations', 'helm.sh/hook') !== undefined,
        spec: at(template, 'spec'),
      }
    })
}

export const protocol = (value: Value | undefined): Protocol => (value === 'UDP' || value === 'SCTP' ? value : 'TCP')

function port(value: Value): ContainerPort {
  const name = text(at(value, 'name'))
  return { ...(name === undefined ? {} : { name }), port: number(at(value, 'containerPort')) ?? 0, protocol: protocol(at(value, 'protocol')) }
}

export function selector(value: Value | undefined): LabelSelector {
  return {
    matchLabels: strings(at(value, 'matchLabels')),
    matchExpressions: list(at(value, 'matchExpressions')).map(term => ({
      key: text(at(term, 'key')) ?? '',
      operator: operator(text(at(term, 'operator'))),
      values: list(at(term, 'values')).flatMap(item => text(item) ?? []),
    })),
  }
}

function operator(value: string | undefined): 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' {
  if (value === 'In' || value === 'NotIn' || value === 'Exists' || value === 'DoesNotExist') return value
  throw new Error(`unknown selector operator ${value ?? ''}`)
}
