import type { Diagnose } from '../diagnostics/collect.ts'
import type { Policy } from '../engines/contract.ts'
import { titleOf } from '../resources/resource.ts'
import { isObject } from '../yaml/json.ts'
import type { Json } from '../yaml/tree.ts'

/** Characters: etcd stores no larger object (its --max-request-bytes). */
const mostOfOne = 1_500_000
/** Characters of all policies of a run: Helm keeps a release of a hundredth of it in no Secret. */
const mostOfAll = 50_000_000

/** Adds up how large policies come to be, and tells the first that is too large. */
export class Sizes {
  private all = 0

  /** Whether there is still room for it. */
  fits({ manifest }: Policy, diagnose: Diagnose): boolean {
    const size = sizeOf(manifest)
    this.all += size
    if (size <= mostOfOne && this.all <= mostOfAll) return true
    const problem = size > mostOfOne ? 'it is larger than 1.5 MB, which the API server stores in no object' : 'with it the policies come to more than 50 MB'
    diagnose('NP503', { policy: titleOf(manifest), problem })
    return false
  }
}

/** About the characters that it is written with; a list or mapping that stands in several places counts in each. */
function sizeOf(json: Json): number {
  if (Array.isArray(json)) return sumOf(json, sizeOf)
  if (isObject(json)) return sumOf(Object.entries(json), ([key, value]) => key.length + sizeOf(value))
  return 4 + (typeof json === 'string' ? json.length : 0)
}

/** Counts on no further than needed. */
function sumOf<T>(parts: readonly T[], size: (part: T) => number): number {
  let sum = 0
  for (const part of parts) {
    sum += 4 + size(part)
    if (sum > mostOfOne) break
  }
  return sum
}
