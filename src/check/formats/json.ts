import { visibleJson } from '../../visible.ts'
import type { Difference } from '../diff/diff.ts'
import type { Account } from '../model.ts'

/** For programs, as docs/check.md describes it. What is undefined is left out. */
export function renderJson(account: Account): string {
  return write(account)
}

export function renderDifferenceJson(difference: Difference): string {
  return write(difference)
}

function write(data: Account | Difference): string {
  return `${visibleJson(JSON.stringify(data, undefined, 2))}\n`
}
