import type { LabelRequirement, LabelSelector } from '../../../discover/selector.ts'
import type { Identity } from './identity.ts'
import { keys } from './identity.ts'

/** Whom a rule is about. */
export interface Selector {
  /** Selectors with the same key are one to Cilium. */
  readonly key: string
  readonly matches: (identity: Identity) => boolean
  /** Why the stream does not tell all that it selects, and what that may be. */
  readonly unread?: { readonly why: string; readonly matches: (identity: Identity) => boolean }
}

/** A requirement on a label of one source, or of `any`. */
export interface Requirement extends LabelRequirement {
  readonly source: string
}

/** The requirements of a label selector, whose keys have the source in front or are given one. */
export function requirementsOf({ matchLabels, matchExpressions }: LabelSelector, sourced: (key: string) => string): Requirement[] {
  const labels = Object.entries(matchLabels).map(([key, value]): LabelRequirement => ({ key, operator: 'In', values: [value] }))
  return [...labels, ...matchExpressions].map(({ key, operator, values }) => {
    const whole = sourced(key)
    const end = whole.indexOf(':')
    return { source: whole.slice(0, end), key: whole.slice(end + 1), operator, values }
  })
}

/** Puts a source before keys that have none. */
export function withSource(source: string): (key: string) => string {
  return key => (key.includes(':') ? key : `${source}:${key}`)
}

export function exists(source: string, key: string): Requirement {
  return { source, key, operator: 'Exists', values: [] }
}

export function equals(source: string, key: string, value: string): Requirement {
  return { source, key, operator: 'In', values: [value] }
}

export function labelSelector(requirements: readonly Requirement[]): Selector {
  const unread = requirements.filter(isUnread)
  const read = requirements.filter(requirement => !isUnread(requirement))
  const key = JSON.stringify(requirements)
  const matches = (identity: Identity): boolean => read.every(requirement => meets(requirement, identity))
  const [first] = unread
  if (first === undefined) return { key, matches }
  return { key, matches: () => false, unread: { why: `${first.source}:${first.key} is not of the stream`, matches } }
}

/** Labels that Cilium gives to addresses by what else it knows, and the name of the cluster. */
function isUnread({ source, key, operator }: Requirement): boolean {
  return ['cidr', 'fqdn', 'cidrgroup', 'gen'].includes(source) || (key === keys.cluster && (operator === 'In' || operator === 'NotIn'))
}

/** pkg/policy/types/requirements.go, MatchesRequirement. */
export function meets({ source, key, operator, values }: Requirement, { labels }: Identity): boolean {
  const label = labels.get(key)
  const value = label !== undefined && (source === 'any' || source === label.source) ? label.value : undefined
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
  }
}
