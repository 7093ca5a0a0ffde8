import type { Diagnose } from '../diagnostics/collect.ts'
import { readSegments } from '../resources/read.ts'
import type { Resource } from '../resources/resource.ts'
import { peek } from '../stream/peek.ts'
import { isRead, isWanted, readObjects } from './read.ts'
import type { Input } from './read.ts'

/** The objects of a file that is there for them: one that holds none is an error, and one that holds none that says anything here a warning. */
export async function readFile(input: Input, diagnose: Diagnose): Promise<Resource[]> {
  let wrong = false
  const tell: Diagnose = (code, args, place) => {
    wrong = true
    diagnose(code, args, place)
  }
  const resources = await readObjects(input, tell)
  if (wrong || resources.some(resource => isObject(resource) && isRead(resource.kind))) return resources
  const kinds = [...resources.filter(isObject).map(({ kind }) => kind), ...(await otherKinds(input, tell))]
  if (wrong) return resources
  const place = { source: input.name, line: 0, column: 0 }
  if (kinds.length === 0) diagnose('NP813', { file: input.name }, place)
  // Containers take variables from ConfigMaps, which are read where they do.
  else if (!kinds.includes('ConfigMap')) diagnose('NP814', { file: input.name, kinds: [...new Set(kinds)] }, place)
  return resources
}

/** Those of the documents that were not read. What cannot be told from the bytes is parsed, since nothing else came of the file. */
async function otherKinds({ name, bytes, segments }: Input, diagnose: Diagnose): Promise<string[]> {
  const left = segments.filter(segment => !isWanted(bytes, segment)).map(segment => ({ segment, seen: peek(bytes, segment) }))
  const unsure = left.flatMap(({ segment, seen }) => (seen.is === 'unsure' ? [segment] : []))
  const parsed = await readSegments(bytes, unsure, diagnose, name, true)
  return [...left.flatMap(({ seen }) => (seen.is === 'kind' ? [seen.kind] : [])), ...parsed.filter(isObject).map(({ kind }) => kind)]
}

/** Values may have a key `kind` too. */
function isObject({ apiVersion }: Resource): boolean {
  return apiVersion !== ''
}
