import { visible, visibleLines } from '../visible.ts'
import type { Place } from '../yaml/tree.ts'
import { entryOf } from './catalogue.ts'
import type { ArgumentsOf, Code, Severity } from './catalogue.ts'

/** One thing to tell the user, as data. */
export interface Diagnostic {
  readonly code: Code
  readonly severity: Severity
  readonly message: string
  /** What to do about it. */
  readonly help: string
  readonly place?: Place
}

/** Adds a diagnostic; the catalogue's entry says which arguments its text takes. */
export type Diagnose = <C extends Code>(code: C, args: ArgumentsOf<C>, place?: Place) => void

/** Gathers everything that is found, so that a user sees all of it at once. The same finding is kept once. */
export class Diagnostics {
  private readonly found: Diagnostic[] = []
  private readonly seen = new Set<string>()
  private readonly strict: boolean
  private readonly root: string

  constructor({ strict, root }: { strict: boolean; root: string }) {
    this.strict = strict
    this.root = visible(root)
  }

  readonly diagnose: Diagnose = (code, args, place) => {
    const entry = entryOf(code)
    const shown = shownArguments(args)
    const severity = this.strict && entry.severity === 'warning' ? 'error' : entry.severity
    const diagnostic: Diagnostic = {
      code,
      severity,
      message: short(this.named(entry.text(shown))),
      help: this.named(entry.help(shown)),
      ...(place === undefined ? {} : { place }),
    }
    if (this.isRepeated(diagnostic)) return
    this.found.push(diagnostic)
  }

  /** What is said of one key, or of no place, is said once; mistakes of a text differ by their line. */
  private isRepeated({ code, message, place }: Diagnostic): boolean {
    if (place !== undefined && place.path === undefined) return false
    const finding = [code, message, place?.source, place?.path].join('\0')
    const repeated = this.seen.has(finding)
    this.seen.add(finding)
    return repeated
  }

  /** Texts call the block `networkPolicy`; the user may have given it another key. */
  private named(text: string): string {
    return this.root === 'networkPolicy' ? text : text.replace(/\bnetworkPolicy(?=[.:])/g, () => this.root)
  }

  /** Errors first, then warnings, then notes; each in the order found. */
  get all(): readonly Diagnostic[] {
    return severities.flatMap(severity => this.found.filter(diagnostic => diagnostic.severity === severity))
  }

  has(...codes: readonly Code[]): boolean {
    return this.found.some(({ code }) => codes.includes(code))
  }

  get failed(): boolean {
    return this.found.some(({ severity }) => severity === 'error')
  }
}

/** What goes into a text cannot end its line and begin another; a block to paste has lines of its own. */
function shownArguments<Args>(args: Args): Args {
  // The one place where the compiler is told that strings stay strings.
  return Object.fromEntries(Object.entries(Object(args)).map(([key, value]) => [key, key === 'block' ? shownBlock(value) : shownArgument(value)])) as Args
}

function shownBlock(value: unknown): unknown {
  return typeof value === 'string' ? visibleLines(value) : value
}

function shownArgument(value: unknown): unknown {
  if (typeof value === 'string') return visible(value)
  return Array.isArray(value) ? value.map(shownArgument) : value
}

/** Characters of a message: a value that is quoted may have megabytes. */
const longest = 2000

/** What it begins and ends with; no half of a character among it. */
function short(text: string): string {
  if (text.length <= longest) return text
  const [head, tail] = [text.slice(0, longest * 0.7), text.slice(-longest * 0.3)]
  return `${head.replace(/[\ud800-\udbff]$/, '')} … ${tail.replace(/^[\udc00-\udfff]/, '')}`
}

const severities: readonly Severity[] = ['error', 'warning', 'note']
