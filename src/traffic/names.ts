import { createHash } from 'node:crypto'

/** Longest name that is also a label value and a DNS label. */
const longest = 63

/** Joins the parts of a name; a name that is too long is cut, and a hash of the whole keeps it unique and stable. */
export function policyName(...parts: readonly string[]): string {
  const name = parts.join('-')
  if (name.length <= longest) return name
  const hash = createHash('sha256').update(parts.join('/')).digest('hex').slice(0, 8)
  return `${name.slice(0, longest - hash.length - 1).replace(/[-.]+$/, '')}-${hash}`
}
