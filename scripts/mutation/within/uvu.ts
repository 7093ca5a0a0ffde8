/** Stands in for uvu: tests are kept, to be run one by one. */

export interface Test {
  readonly id: string
  readonly run: () => unknown
}

export const tests: Test[] = []
const ids = new Set<string>()
let file = ''

/** What is registered from here on is of this file. */
export function open(name: string): void {
  file = name
}

type Register = ((name: string, run: () => unknown) => void) & { run: () => void }

export function suite(title?: string): Register {
  const register = (name: string, run: () => unknown): void => {
    const id = `${file}: ${title === undefined ? '' : `${title}: `}${name}`
    if (ids.has(id)) throw new Error(`two tests are called ${id}`)
    ids.add(id)
    tests.push({ id, run })
  }
  return Object.assign(register, { run: () => undefined })
}

export const test = suite()
