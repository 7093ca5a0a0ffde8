import { Session } from 'node:inspector'
import type { Profiler } from 'node:inspector'

/** Which characters of a script V8 has run. */
export class Coverage {
  private readonly session = new Session()
  private readonly url: string
  private readonly length: number
  private readonly seen: Uint8Array
  /** How many that is. */
  reached = 0

  /** `url` of the script that is looked at, `length` in characters. */
  constructor(url: string, length: number) {
    this.url = url
    this.length = length
    this.seen = new Uint8Array(length)
    this.session.connect()
    this.session.post('Profiler.enable')
    this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  }

  /** Characters that ran since the last call and never before; asking empties it. */
  fresh(): Uint8Array {
    const ran = this.take()
    for (let at = 0; at < ran.length; at++) if (this.seen[at] !== 0) ran[at] = 0
    return ran
  }

  /** Characters that ran since the last call. */
  take(): Uint8Array {
    const ran = new Uint8Array(this.length)
    for (const { ranges } of this.functions()) for (const { startOffset, endOffset, count } of ranges) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset)
    return ran
  }

  remember(ran: Uint8Array): void {
    for (let at = 0; at < ran.length; at++) {
      if (ran[at] === 0 || this.seen[at] !== 0) continue
      this.seen[at] = 1
      this.reached++
    }
  }

  /** Outer ones first, so that inner ones are painted over them. */
  private functions(): Profiler.FunctionCoverage[] {
    let found: Profiler.FunctionCoverage[] = []
    // The session of this very thread answers before `post` returns.
    this.session.post('Profiler.takePreciseCoverage', (problem, { result }) => {
      if (problem !== null) throw problem
      found = result.find(({ url }) => url === this.url)?.functions ?? []
    })
    const [start, end] = [
      (one: Profiler.FunctionCoverage): number => one.ranges[0]?.startOffset ?? 0,
      (one: Profiler.FunctionCoverage): number => one.ranges[0]?.endOffset ?? 0,
    ]
    return found.sort((one, other) => start(one) - start(other) || end(other) - end(one))
  }
}

export function overlaps(one: Uint8Array, other: Uint8Array): boolean {
  return one.some((bit, at) => bit !== 0 && other[at] !== 0)
}

export function isEmpty(ran: Uint8Array): boolean {
  return !ran.includes(1)
}
