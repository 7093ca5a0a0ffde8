import { posix } from 'node:path'
import type { Policy } from '../engines/contract.ts'
import { largest } from '../largest.ts'
import type { Facts } from '../run.ts'
import type { Resource } from '../resources/resource.ts'
import { objectAt, textOf } from '../yaml/json.ts'
import { fileOf, placedLike } from './annotations.ts'
import type { File } from './annotations.ts'
import type { Item } from './cut.ts'
import { resourceOf } from './documents.ts'

/** For each policy the annotations that name its file. `replaced` are policies that leave, `staying` all items that do not. */
export async function fileAnnotations({ policies, plan }: Facts, replaced: readonly Resource[], staying: readonly Item[]): Promise<Record<string, string>[]> {
  const subjects = [...plan.allowlists, ...plan.defaultDenies]
  const kept = policies.map(policy => keptFile(policy, replaced))
  const taken = [...(await mentioned(policies, staying)), ...kept.flatMap(found => (found === undefined ? [] : [found.file]))]
  return policies.map((policy, index) => {
    const before = kept[index]
    if (before !== undefined) return placedLike(before.annotations, before.file)
    const subject = subjects[index]
    const { workload } = plan.allowlists.find(({ owner, namespace }) => owner === subject?.owner && namespace === subject.namespace) ?? {}
    const beside = workload === undefined ? undefined : fileOf(workload.annotations)
    if (workload === undefined || beside === undefined) return {}
    const file = freeFile(policy, subject?.namespace, posix.dirname(beside.path), taken)
    taken.push(file)
    return placedLike(workload.annotations, file)
  })
}

/** The file of the policy whose place it takes. */
function keptFile({ manifest }: Policy, replaced: readonly Resource[]): { file: File; annotations: Resource['annotations'] } | undefined {
  const namespace = textOf(objectAt(manifest, 'metadata')['namespace']) || undefined
  const before = replaced.find(resource => resource.kind === manifest['kind'] && resource.name === nameOf(manifest) && resource.namespace === namespace)
  const file = before === undefined ? undefined : fileOf(before.annotations)
  return before === undefined || file === undefined ? undefined : { file, annotations: before.annotations }
}

/** Files of the items that a new policy's could be: of the others, only the text is looked at. */
async function mentioned(policies: readonly Policy[], items: readonly Item[]): Promise<File[]> {
  const ends = policies.map(({ manifest }) => `_${nameOf(manifest)}.yaml`)
  const near = items.filter(({ text }) => ends.some(end => text.includes(end)))
  const resources = await Promise.all(near.map(resourceOf))
  return resources.flatMap(resource => (resource === undefined ? [] : (fileOf(resource.annotations) ?? [])))
}

/** Named as kyaml would; where that file is another's, with the namespace; else behind what the file holds. */
function freeFile({ manifest }: Policy, namespace: string | undefined, folder: string, taken: readonly File[]): File {
  const kind = textOf(manifest['kind']).toLowerCase()
  const plain = posix.join(folder, `${kind}_${nameOf(manifest)}.yaml`)
  const long = namespace === undefined ? plain : posix.join(folder, `${kind}_${namespace}_${nameOf(manifest)}.yaml`)
  const free = [plain, long].find(path => taken.every(file => file.path !== path))
  if (free !== undefined) return { path: free, index: 0 }
  const indices = taken.filter(({ path }) => path === long).map(({ index }) => index)
  return { path: long, index: largest(indices) + 1 }
}

function nameOf(manifest: Policy['manifest']): string {
  return textOf(objectAt(manifest, 'metadata')['name'])
}
