import { addressIn } from '../world/addresses.ts'
import type { Asking, Problem } from './asking.ts'
import { asAlias, endOf } from './ends.ts'
import type { WrittenEnd } from './ends.ts'
import { podsMeant, serviceMeant, titleOf } from './services.ts'

/** A word as who calls: of a Service its pods. */
export function sources(word: string, asking: Asking): WrittenEnd | Problem {
  const { scene, namespace } = asking
  const meant = serviceMeant(word, asking, namespace)
  if (meant === undefined) return endOf(word, scene, namespace)
  if ('problem' in meant) return meant
  if (meant.kind === 'apiserver') return endOf('apiserver', scene, namespace)
  if (meant.kind === 'host') return asAlias(meant.name, endOf(meant.name, scene, namespace))
  if (addressIn(word) !== undefined) return { problem: `is an address of ${titleOf(meant)}, from which nobody calls` }
  const found = podsMeant(meant)
  return 'problem' in found ? found : { ends: found.map(ref => [{ ref, label: word }]), unknown: undefined }
}

/** Pods look for a name in their own namespace first. */
export function namespaceOf({ ends }: WrittenEnd): string | undefined {
  const [first] = ends.flat()
  return first !== undefined && 'pod' in first.ref ? first.ref.pod.split('/')[0] : undefined
}
