import type { Finding } from '../../test/fuzz/play.ts'

/** What a worker is to do. */
export interface Orders {
  readonly worker: number
  readonly seed: number
  readonly seconds: number
  /** The repository. */
  readonly root: string
  /** Where the queue, and the case in play, are kept. */
  readonly folder: string
  /** Names of cases that brought a worker down. */
  readonly avoid: readonly string[]
}

/** What it says: how far it is, or what it has found. */
export type Report = Progress | Found

export interface Progress {
  /** By target. */
  readonly runs: Readonly<Record<string, number>>
  /** Seconds of processor time. */
  readonly processor: number
  /** Characters of the program that were run. */
  readonly reached: number
  readonly shapes: number
  readonly corpus: number
}

export interface Found {
  readonly finding: Finding
  readonly case: string
  readonly name: string
}

/** Findings of one key have most likely one cause. */
export function keyOf({ oracle, detail }: Finding): string {
  const words = oracle === 'throws' ? detail.replace(/:\d+:\d+/g, '') : detail.replace(/["'`][^"'`]*["'`]/g, '').replace(/\d+/g, '')
  return `${oracle} ${words.slice(0, oracle === 'throws' ? 200 : 24)}`
}
