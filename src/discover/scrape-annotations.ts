import { placeIn } from '../resources/resource.ts'
import type { Labels } from './selector.ts'
import type { Resource } from '../resources/resource.ts'
import { at } from '../yaml/tree.ts'
import type { Place } from '../yaml/tree.ts'
import type { Service } from './services.ts'
import type { Workload } from './workload.ts'

/** What `prometheus.io` annotations say of a workload's pods, or of a Service before them. */
export interface ScrapeAnnotation {
  /** `all`: every port that is declared, as Prometheus' usual configuration has it; `unclear`: a port that is no number. */
  readonly port: number | 'all' | 'unclear'
  /** As it is written. */
  readonly text: string
  /** The Service that carries it; undefined for the pods' own. */
  readonly service: Service | undefined
  readonly where: string
  readonly place: Place
}

export function scrapeAnnotations(workload: Workload, services: readonly Service[]): ScrapeAnnotation[] {
  const ofPods = read(workload.podAnnotations, `the pods of ${workload.title}`, key =>
    annotationPlace(workload.resource, ['spec', 'template', 'metadata', 'annotations', key]),
  )
  const ofServices = services.flatMap(service =>
    read(service.resource.annotations, service.title, key => annotationPlace(service.resource, ['metadata', 'annotations', key])).map(said => ({
      ...said,
      service,
    })),
  )
  return [...ofPods, ...ofServices]
}

function read(annotations: Labels, title: string, placeOf: (key: string) => Place): ScrapeAnnotation[] {
  const scrape = annotations[scrapeKey]
  const text = annotations[portKey]?.trim() ?? ''
  if (scrape === 'false' || (text === '' && scrape !== 'true')) return []
  const key = text === '' ? scrapeKey : portKey
  return [{ port: text === '' ? 'all' : portOf(text), text, service: undefined, where: `${key} of ${title}`, place: placeOf(key) }]
}

const scrapeKey = 'prometheus.io/scrape'
const portKey = 'prometheus.io/port'

function portOf(text: string): number | 'unclear' {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return number >= 1 && number <= 65535 ? number : 'unclear'
}

function annotationPlace(resource: Resource, path: readonly string[]): Place {
  return placeIn(resource, at(resource.tree, ...path))
}
