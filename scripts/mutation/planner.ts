import type { Mutant } from './instrument.ts'
import type { Counts, Surveyed, Try } from './within/messages.ts'

/** What the tests do where no mutant is on. */
export interface Survey {
  /** What is come across while modules load. */
  readonly loading: Counts
  readonly tests: readonly Surveyed[]
}

/** Says which tests can find a mutant, and in which order. */
export class Planner {
  private readonly loading: Counts
  private readonly tests: readonly Ranked[]
  private readonly kills = new Map<string, Map<string, number>>()
  /** Milliseconds of tests for one mutant. */
  private readonly most: number

  constructor({ loading, tests }: Survey, mutants: readonly Mutant[], most = Infinity) {
    this.most = most
    const fileOf = new Map(mutants.map(({ id, file }) => [id, file]))
    this.loading = loading
    this.tests = tests
      .filter(({ outcome }) => outcome === 'passed')
      .map(test => ({ ...test, size: Object.keys(test.counts).length, files: tally(Object.keys(test.counts).flatMap(id => fileOf.get(id) ?? [])) }))
  }

  /**
   * First those that found others in the same file; then those that are the most about it: of the mutants that they come across, the greatest
   * part is of the file; each for the time that it takes. What runs while modules load may show in any test, most likely in one that comes across many mutants of its file.
   */
  plan({ id, file }: Mutant): Try {
    const loading = this.loading[id] !== undefined
    const kills = this.kills.get(file)
    const within = ({ files }: Ranked): number => files.get(file) ?? 0
    const about = (test: Ranked): number => within(test) / Math.max(1, test.size) / (1 + test.milliseconds)
    const found = ({ id, milliseconds }: Ranked): number => (kills?.get(id) ?? 0) / (1 + milliseconds)
    const covering = this.tests.filter(({ counts }) => counts[id] !== undefined).toSorted((one, other) => about(other) - about(one))
    const folder = file.replace(/^src\//, 'test/').replace(/[^/]*$/, '')
    const near = ({ id }: Ranked): number => (id.startsWith(folder) ? 1 : 0)
    const others = loading ? this.tests.toSorted((one, other) => near(other) - near(one) || about(other) - about(one)) : []
    const ranked = [...new Set([...covering, ...others])].toSorted((one, other) => found(other) - found(one))
    const chosen = fitting(ranked, this.most)
    const hits = (this.loading[id] ?? 0) + sum(covering.map(({ counts }) => counts[id] ?? 0))
    const milliseconds = 10_000 + 10 * sum(chosen.map(test => test.milliseconds))
    return { do: 'try', mutant: id, tests: chosen.map(test => test.id), loading, limit: 1000 + 100 * hits, milliseconds }
  }

  remember({ file }: Mutant, test: string): void {
    const kills = this.kills.get(file) ?? new Map<string, number>()
    kills.set(test, (kills.get(test) ?? 0) + 1)
    this.kills.set(file, kills)
  }
}

interface Ranked extends Surveyed {
  /** How many mutants it comes across, and how many of each file. */
  readonly size: number
  readonly files: ReadonlyMap<string, number>
}

/** The first of them, and what fits in after it. */
function fitting(tests: readonly Ranked[], most: number): Ranked[] {
  let taken = 0
  return tests.filter(({ milliseconds }, index) => {
    if (index > 0 && taken + milliseconds > most) return false
    taken += milliseconds
    return true
  })
}

function tally(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
