import type { Labels, LabelSelector } from './selector.ts'
import { selects } from './selector.ts'

export interface Namespaced {
  readonly namespace: string | undefined
}

interface Ranked<T> {
  readonly item: T
  readonly rank: number
}

/** Items by a key and their namespace. What leaves its namespace to Helm can stand in any of them. */
export class NamespacedIndex<T extends Namespaced> {
  private readonly byKey = new Map<string, Map<string | undefined, Ranked<T>[]>>()
  private added = 0

  add(key: string, item: T): void {
    const byNamespace = this.byKey.get(key) ?? new Map<string | undefined, Ranked<T>[]>()
    const list = byNamespace.get(item.namespace) ?? []
    list.push({ item, rank: this.added++ })
    byNamespace.set(item.namespace, list)
    this.byKey.set(key, byNamespace)
  }

  /** Those of the namespace and those that may be, in the order they were added; of every namespace where it is undefined. */
  get(key: string, namespace: string | undefined): readonly T[] {
    const byNamespace = this.byKey.get(key)
    if (byNamespace === undefined) return []
    const lists = namespace === undefined ? [...byNamespace.values()] : [byNamespace.get(namespace) ?? [], byNamespace.get(undefined) ?? []]
    const filled = lists.filter(list => list.length > 0)
    const ranked = filled.length > 1 ? filled.flat().sort((one, other) => one.rank - other.rank) : (filled[0] ?? [])
    return ranked.map(({ item }) => item)
  }

  /** Whether there is one that `get` gives. */
  has(key: string, namespace: string | undefined): boolean {
    const byNamespace = this.byKey.get(key)
    return byNamespace !== undefined && (namespace === undefined || byNamespace.has(namespace) || byNamespace.has(undefined))
  }

  /** The one of the namespace, before one that may be in it. */
  nearest(key: string, namespace: string | undefined): T | undefined {
    const candidates = this.get(key, namespace)
    return candidates.find(item => item.namespace === namespace) ?? candidates.find(item => item.namespace === undefined) ?? candidates[0]
  }
}

/** Finds what a selector selects by one of its labels: thousands of selectors and items need not be compared each with each. */
export class LabelIndex<T extends Namespaced> {
  private readonly labelled = new NamespacedIndex<T>()
  private readonly all = new NamespacedIndex<T>()
  private readonly labelsOf: (item: T) => Labels
  private readonly counts = new Map<string, number>()

  constructor(items: readonly T[], labelsOf: (item: T) => Labels) {
    this.labelsOf = labelsOf
    for (const item of items) {
      this.all.add('', item)
      for (const [key, value] of Object.entries(labelsOf(item))) {
        const label = labelKey(key, value)
        this.labelled.add(label, item)
        this.counts.set(label, (this.counts.get(label) ?? 0) + 1)
      }
    }
  }

  /** In the order of the items; of every namespace where it is undefined. */
  selected(selector: LabelSelector, namespace: string | undefined): readonly T[] {
    const [rarest] = Object.entries(selector.matchLabels)
      .map(([key, value]) => labelKey(key, value))
      .sort((one, other) => this.count(one) - this.count(other))
    const candidates = rarest === undefined ? this.all.get('', namespace) : this.labelled.get(rarest, namespace)
    return candidates.filter(item => selects(selector, this.labelsOf(item)))
  }

  private count(label: string): number {
    return this.counts.get(label) ?? 0
  }
}

function labelKey(key: string, value: string): string {
  return `${key}=${value}`
}
