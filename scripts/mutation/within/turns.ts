/** Stands in for test/helpers/turns.ts: what a test waits for begins only then, so that it is known which test it is for. */
export function inTurn<T>(start: () => Promise<T>): PromiseLike<T> {
  return { then: (done, failed) => start().then(done, failed) }
}
