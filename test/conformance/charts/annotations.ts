import type { Labels } from '../flows/model.ts'
import { onPod, throughService } from './monitors.ts'
import { allPorts } from './pods.ts'
import { podsOf } from './services.ts'
import type { Facts, Wire } from './wires.ts'

const SCRAPE = 'prometheus.io/scrape'
const PORT = 'prometheus.io/port'
const NAMED = /metrics|(^|-)prom(etheus)?(-|$)/

/** What Prometheus' usual configuration scrapes: annotated Services and pods, and ports whose name says so. */
export function annotated(facts: Facts): Wire[] {
  const services = facts.services.flatMap((service): Wire[] => {
    const why = `prometheus.io of ${service.title}`
    if (service.annotations[SCRAPE] !== 'true') return []
    const port = portIn(facts, service.annotations, why)
    return port === undefined ? throughService(facts, service, {}, why) : podsOf(facts, service).map(workload => ({ kind: 'metrics', workload, port, protocol: 'TCP', why }))
  })
  const pods = facts.workloads.flatMap((workload): Wire[] => {
    const why = `prometheus.io of ${workload.name}`
    if (workload.annotations[SCRAPE] === 'false') return []
    const port = portIn(facts, workload.annotations, why)
    if (port !== undefined) return [{ kind: 'metrics', workload, port, protocol: 'TCP', why }]
    return workload.annotations[SCRAPE] === 'true' ? onPod(workload, undefined, why) : []
  })
  const named = facts.workloads.flatMap(workload =>
    allPorts(workload).flatMap(({ name = '', port, protocol }): Wire[] => (NAMED.test(name) ? [{ kind: 'metrics', workload, port, protocol, why: `port ${name}` }] : [])),
  )
  return [...services, ...pods, ...named]
}

function portIn({ leave }: Facts, annotations: Labels, why: string): number | undefined {
  const written = annotations[PORT]
  if (written === undefined || written === '') return undefined
  const port = Number(written)
  if (Number.isInteger(port) && port > 0) return port
  leave('an annotation that is no port', `${why}: ${written}`)
  return undefined
}
