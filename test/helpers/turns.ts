import { availableParallelism } from 'node:os'

let running = 0
const waiting: (() => void)[] = []

/** Starts no more programs at a time than the machine has processors. */
export async function inTurn<T>(start: () => Promise<T>): Promise<T> {
  if (running >= availableParallelism()) await new Promise<void>(resolve => waiting.push(resolve))
  running++
  try {
    return await start()
  } finally {
    running--
    waiting.shift()?.()
  }
}
