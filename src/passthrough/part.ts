import type { ArgumentsOf, Code } from '../diagnostics/catalogue.ts'
import type { Diagnose } from '../diagnostics/collect.ts'
import { isNull, placeAt, placeOf } from '../yaml/tree.ts'
import type { Entry, Tree } from '../yaml/tree.ts'

/** What was told of a rule so far: a place that has a mistake gets no second one. */
export interface Ledger {
  readonly diagnose: Diagnose
  readonly told: Set<string>
}

/** A part of the user's rule, there or not, with its path; reads without trusting its shape. */
export class Part {
  readonly tree: Tree | undefined
  readonly path: string
  private readonly ledger: Ledger
  /** The nearest part that is there: a place for what is missing. */
  private readonly anchor: Tree

  constructor(tree: Tree | undefined, path: string, ledger: Ledger, anchor: Tree) {
    this.tree = tree
    this.path = path
    this.ledger = ledger
    this.anchor = tree ?? anchor
  }

  at(...keys: readonly string[]): Part {
    return keys.reduce<Part>((part, key) => part.child(part.entry(key)?.value, `${part.path}.${key}`), this)
  }

  /** The key is there, and not null. */
  has(key: string): boolean {
    const entry = this.entry(key)
    return entry !== undefined && !isNull(entry.value)
  }

  get entries(): readonly Entry[] {
    return this.tree?.kind === 'mapping' ? [...this.tree.entries.values()] : []
  }

  get items(): Part[] {
    return this.tree?.kind === 'sequence' ? this.tree.items.map((item, index) => this.child(item, `${this.path}[${index}]`)) : []
  }

  /** It is there, and not null. */
  get present(): boolean {
    return this.tree !== undefined && !isNull(this.tree)
  }

  /** A list with something in it. */
  get filled(): boolean {
    return this.tree?.kind === 'sequence' && this.tree.items.length > 0
  }

  get text(): string | undefined {
    return this.tree?.kind === 'scalar' && typeof this.tree.value === 'string' ? this.tree.value : undefined
  }

  get number(): number | undefined {
    return this.tree?.kind === 'scalar' && typeof this.tree.value === 'number' ? this.tree.value : undefined
  }

  /** Its string or number. */
  get value(): string | number | undefined {
    return this.text ?? this.number
  }

  /** Something that cannot be, in words that follow the path. */
  problem(problem: string): void {
    this.tell('NP205', { path: this.path, problem })
  }

  /** Something to know that is no mistake. */
  warn<C extends Code>(code: C, args: ArgumentsOf<C>): void {
    this.ledger.diagnose(code, args, placeOf(this.anchor, this.path))
  }

  tell<C extends Code>(code: C, args: ArgumentsOf<C>): void {
    if (!this.ledger.told.has(this.path)) this.ledger.diagnose(code, args, placeOf(this.anchor, this.path))
    this.ledger.told.add(this.path)
  }

  /** A mistake in a key itself. */
  tellKey<C extends Code>({ key, keySource, keyStart }: Entry, code: C, args: (path: string) => ArgumentsOf<C>): void {
    const path = `${this.path}.${key}`
    if (!this.ledger.told.has(path)) this.ledger.diagnose(code, args(path), placeAt(keySource, keyStart, path))
    this.ledger.told.add(path)
  }

  child(tree: Tree | undefined, path: string): Part {
    return new Part(tree, path, this.ledger, this.anchor)
  }

  private entry(key: string): Entry | undefined {
    return this.tree?.kind === 'mapping' ? this.tree.entries.get(key) : undefined
  }
}

/** Each of the parts that is filled with a list. */
export function filledOf(part: Part, keys: readonly string[]): string[] {
  return keys.filter(key => part.at(key).filled)
}
