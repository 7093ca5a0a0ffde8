import type { Protocol } from '../flows/model.ts'
import { selects } from '../flows/match.ts'
import { at, list, number, strings, text } from '../harness/manifest.ts'
import type { Manifest, Value } from '../harness/manifest.ts'
import { protocol } from '../harness/workloads.ts'
import type { Workload } from '../harness/workloads.ts'
import { allPorts } from './pods.ts'
import type { Facts, Wire } from './wires.ts'

export interface ServicePort {
  name: string
  port: number
  target: number | string
  protocol: Protocol
}

export interface Service {
  title: string
  name: string
  namespace: string
  labels: Record<string, string>
  annotations: Record<string, string>
  selector: Record<string, string>
  /** It has ports on the nodes or addresses outside of the cluster. */
  isExternal: boolean
  /** A name for something elsewhere: its selector means nothing. */
  isAlias: boolean
  ports: ServicePort[]
}

export function readServices(objects: readonly Manifest[], releaseNamespace: string): Service[] {
  return objects.filter(({ kind, apiVersion }) => kind === 'Service' && apiVersion === 'v1').map(object => serviceOf(object, releaseNamespace))
}

function serviceOf({ name, namespace = '', body }: Manifest, releaseNamespace: string): Service {
  const where = namespace === '' ? releaseNamespace : namespace
  const type = text(at(body, 'spec', 'type'))
  return {
    title: `Service ${where}/${name}`,
    name,
    namespace: where,
    labels: strings(at(body, 'metadata', 'labels')),
    annotations: strings(at(body, 'metadata', 'annotations')),
    selector: strings(at(body, 'spec', 'selector')),
    isExternal: type === 'NodePort' || type === 'LoadBalancer' || list(at(body, 'spec', 'externalIPs')).length > 0,
    isAlias: type === 'ExternalName',
    ports: list(at(body, 'spec', 'ports')).map(servicePort),
  }
}

function servicePort(value: Value): ServicePort {
  const port = number(at(value, 'port')) ?? 0
  const target = at(value, 'targetPort')
  // Left out, 0 and '' are one to the API: the Service's own number.
  return { name: text(at(value, 'name')) ?? '', port, target: number(target) || text(target) || port, protocol: protocol(at(value, 'protocol')) }
}

export function podsOf({ workloads }: Facts, { selector, namespace, isAlias }: Service): Workload[] {
  if (isAlias || Object.keys(selector).length === 0) return []
  return workloads.filter(({ labels, namespace: its }) => its === namespace && selects({ matchLabels: selector }, labels))
}

/** Where a Service's port leads: of a name the first container's that has it for the protocol, sidecars last. */
export function behind(facts: Facts, service: Service, { port, target, protocol: its }: ServicePort, kind: Wire['kind'], why: string): Wire[] {
  return podsOf(facts, service).flatMap((workload): Wire[] => {
    if (typeof target === 'number') return [{ kind, workload, port: target, protocol: its, why }]
    const found = allPorts(workload).find(({ name, protocol: other }) => name === target && other === its)
    if (found !== undefined) return [{ kind, workload, port: found.port, protocol: its, why }]
    facts.leave('a Service names a port that the pods have not', `${service.title}:${port} → ${workload.name} ${target}`)
    return []
  })
}

/** Everything that a Service of the release sends to a workload. */
export function exposed(facts: Facts): Wire[] {
  return facts.services.flatMap(service => {
    if (podsOf(facts, service).length === 0) facts.leave('a Service of no workload that is judged', service.title)
    return service.ports.flatMap(port => [
      ...behind(facts, service, port, 'service', service.title),
      ...(service.isExternal ? behind(facts, service, port, 'outside', `${service.title} from outside`) : []),
    ])
  })
}
