import { availableParallelism } from 'node:os'

/** Starts no more programs at a time than the machine has processors. */
export const inTurn = turns()

/** The same, counted apart. */
export function turns(): <T>(start: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async start => {
    if (running >= availableParallelism()) await new Promise<void>(resolve => waiting.push(resolve))
    running++
    try {
      return await start()
    } finally {
      running--
      waiting.shift()?.()
    }
  }
}
