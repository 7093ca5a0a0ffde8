/** Where random cases begin, and how many there are: HELM_NETPOL_SEED repeats a run, HELM_NETPOL_CASES asks for another number. */
export function randomRun(usual: number): { readonly seed: number; readonly count: number } {
  const { HELM_NETPOL_SEED: seed = '', HELM_NETPOL_CASES: cases = '' } = process.env
  return { seed: seed === '' ? Date.now() % 1_000_000 : Number(seed), count: cases === '' ? usual : Number(cases) }
}

/** Random choices that a seed repeats. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  times<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, make)
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)]
    if (choice === undefined) throw new Error('nothing to choose from')
    return choice
  }

  chance(share: number): boolean {
    return this.#next() < share
  }

  below(limit: number): number {
    return Math.floor(this.#next() * limit)
  }

  /** mulberry32: from 0 up to 1. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
