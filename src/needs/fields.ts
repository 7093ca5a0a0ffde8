import type { Container } from '../discover/containers.ts'
import type { Setting } from './sources.ts'

/** Stands for the node of the pod in the texts of settings (RFC 6761: no host has such a name). */
export const ownNode = 'own.node.invalid'

/** Settings with what the kubelet fills in from the pod's own fields: its address is this very pod, that of its node the name above. */
export function withFields(settings: readonly Setting[], containers: readonly Container[]): Setting[] {
  const byContainer = new Map(containers.map(({ name, variables }) => [name, fieldHosts(variables)]))
  const all = fieldHosts(containers.flatMap(({ variables }) => variables))
  if (all.size === 0) return [...settings]
  return settings.map(setting => {
    // A file is read by any of them.
    const hosts = setting.container === undefined ? all : (byContainer.get(setting.container) ?? all)
    const text = setting.text ?? (setting.kind === 'variable' ? hosts.get(setting.name) : undefined)
    return { ...setting, text: text?.replace(reference, (written, ...names: (string | undefined)[]) => hosts.get(names[0] ?? names[1] ?? '') ?? written) }
  })
}

/** As the kubelet, a shell and the collector of OpenTelemetry write them. */
const reference = /\$\(([^()\s]+)\)|\$\{(?:env:)?([^{}\s]+)\}/g

function fieldHosts(variables: Container['variables']): ReadonlyMap<string, string> {
  return new Map(
    variables.flatMap(({ name, fieldPath }): [string, string][] => {
      const host = fieldPath === undefined ? undefined : hostsOfFields.get(fieldPath)
      return host === undefined ? [] : [[name, host]]
    }),
  )
}

/** core/v1 ObjectFieldSelector. */
const hostsOfFields: ReadonlyMap<string, string> = new Map([
  ['status.podIP', 'localhost'],
  ['status.podIPs', 'localhost'],
  ['status.hostIP', ownNode],
  ['status.hostIPs', ownNode],
  ['spec.nodeName', ownNode],
])
