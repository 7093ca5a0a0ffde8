import { otherPodKinds, workloadKinds } from '../resources/kinds.ts'
import { isHook, placeIn, title } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import { at, isTrue, itemsAt, textAt, textsAt } from '../yaml/tree.ts'
import type { Place, Tree } from '../yaml/tree.ts'
import { toContainers } from './containers.ts'
import { declaredPorts } from './ports.ts'
import type { ContainerPort } from './ports.ts'
import type { Labels } from './selector.ts'

/** Pods of the release that are of no workload: those of Jobs, of hooks, or bare ones. */
export interface OtherPods {
  /** `the hook Job stage/migrate`. */
  readonly title: string
  readonly namespace: string | undefined
  readonly labels: Labels
  readonly hook: boolean
  readonly hostNetwork: boolean
  readonly template: Tree | undefined
  readonly resource: Resource
  readonly place: Place
}

export function otherPods(resources: readonly Resource[]): OtherPods[] {
  return resources.filter(isOther).map(toPods)
}

/** The ports that their containers declare which run beside each other. */
export function portsOf({ template, namespace, resource }: OtherPods): readonly ContainerPort[] {
  const containers = toContainers(template, { namespace, configMap: () => undefined })
  return declaredPorts(
    containers.filter(({ role }) => role !== 'init'),
    resource,
  )
}

/** Whether the pods run kubectl and nothing else, on no address of the web: they dial the kube-apiserver alone. */
export function dialApiserverAlone({ template }: OtherPods): boolean {
  const containers = [...itemsAt(template, 'spec', 'containers'), ...itemsAt(template, 'spec', 'initContainers')]
  return containers.length > 0 && containers.every(runsKubectl)
}

function runsKubectl(container: Tree): boolean {
  const words = [...itemsAt(container, 'command'), ...itemsAt(container, 'args')].map(word => textAt(word) ?? '')
  const [image = ''] = (textAt(container, 'image') ?? '').split('/').slice(-1)
  return [image.replace(/[:@].*$/s, ''), words[0]?.split('/').at(-1)].includes('kubectl') && !words.some(word => word.includes('://'))
}

function isOther(resource: Resource): boolean {
  const { kind } = resource
  return otherPodKinds.some(known => known === kind) || (isHook(resource) && workloadKinds.some(known => known === kind))
}

function toPods(resource: Resource): OtherPods {
  const template = templateOf(resource)
  const hook = isHook(resource)
  return {
    title: `${hook ? 'the hook ' : ''}${title(resource)}`,
    namespace: resource.namespace,
    labels: textsAt(template, 'metadata', 'labels'),
    hook,
    hostNetwork: isTrue(at(template, 'spec', 'hostNetwork')),
    template,
    resource,
    place: placeIn(resource),
  }
}

function templateOf({ kind, tree }: Resource): Tree | undefined {
  if (kind === 'Pod') return tree
  return kind === 'CronJob' ? at(tree, 'spec', 'jobTemplate', 'spec', 'template') : at(tree, 'spec', 'template')
}
