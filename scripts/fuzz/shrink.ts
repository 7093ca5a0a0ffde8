import { nothing } from '../../test/fuzz/case.ts'
import type { Case } from '../../test/fuzz/case.ts'
import { documents } from '../../test/helpers/text.ts'

/** The smallest case found, in so many tries and seconds, that still `fails`: whole parts are left out first, then documents, lines and characters. */
export async function shrink(given: Case, fails: (smaller: Case) => Promise<boolean>, most: Effort): Promise<Case> {
  const search = new Search(given, fails, most)
  await search.parts()
  for (const cut of [documents, lines, characters]) await search.texts(cut)
  await search.parts()
  return search.best
}

/** A case that takes long may take it every time. */
export interface Effort {
  readonly tries: number
  readonly seconds: number
}

type Cut = (text: string) => string[]
const lines: Cut = text => text.split(/(?<=\n)/)
const characters: Cut = text => [...text]

class Search {
  best: Case
  private readonly fails: (smaller: Case) => Promise<boolean>
  private left: number
  private readonly end: number

  constructor(given: Case, fails: (smaller: Case) => Promise<boolean>, { tries, seconds }: Effort) {
    this.best = given
    this.fails = fails
    this.left = tries
    this.end = Date.now() + seconds * 1000
  }

  private get goesOn(): boolean {
    return this.left > 0 && Date.now() < this.end
  }

  /** Files, expressions and flags that are not needed. */
  async parts(): Promise<void> {
    for (let at = this.best.values.length - 1; at >= 0; at--) await this.try({ ...this.best, values: this.best.values.filter((_, index) => index !== at) })
    for (let at = this.best.sets.length - 1; at >= 0; at--) await this.try({ ...this.best, sets: this.best.sets.filter((_, index) => index !== at) })
    for (const flag of Object.keys(this.best.flags)) {
      await this.try({ ...this.best, flags: Object.fromEntries(Object.entries(this.best.flags).filter(([key]) => key !== flag)) })
    }
    if (this.best.release.length > 0) await this.try({ ...this.best, release: nothing })
  }

  /** Every text, cut into pieces of one sort. */
  async texts(cut: Cut): Promise<void> {
    await this.text(cut, this.best.stream, stream => ({ ...this.best, stream }))
    await this.text(cut, this.best.release, release => ({ ...this.best, release }))
    for (const [at, bytes] of this.best.values.entries()) {
      await this.text(cut, bytes, text => ({ ...this.best, values: this.best.values.map((other, index) => (index === at ? text : other)) }))
    }
    for (const [at, { text }] of this.best.sets.entries()) {
      const put = (bytes: Buffer): Case => ({
        ...this.best,
        sets: this.best.sets.map((set, index) => (index === at ? { ...set, text: bytes.toString() } : set)),
      })
      await this.text(cut, Buffer.from(text), put)
    }
  }

  /** Leaves out ever smaller runs of pieces (ddmin). */
  private async text(cut: Cut, bytes: Buffer, put: (bytes: Buffer) => Case): Promise<void> {
    let pieces = cut(bytes.toString('latin1'))
    for (let size = Math.ceil(pieces.length / 2); size >= 1 && this.goesOn; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < pieces.length && this.goesOn;) {
        const fewer = [...pieces.slice(0, at), ...pieces.slice(at + size)]
        if (await this.try(put(Buffer.from(fewer.join(''), 'latin1')))) pieces = fewer
        else at += size
      }
    }
  }

  private async try(smaller: Case): Promise<boolean> {
    if (!this.goesOn) return false
    this.left--
    if (!(await this.fails(smaller))) return false
    this.best = smaller
    return true
  }
}
