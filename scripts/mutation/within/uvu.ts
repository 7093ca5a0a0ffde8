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

/** `test/x.test.ts: suite: name` → `test/x.test.ts` */
export function fileOf(id: string): string {
  return id.slice(0, id.indexOf(': '))
}

interface Register {
  (name: string, run: () => unknown): void
  readonly run: () => void
  /** What follows every test of the file. */
  readonly after: { readonly each: (hook: () => unknown) => void }
}

const hooks = new Map<string, () => unknown>()

export function suite(title?: string): Register {
  const register = (name: string, run: () => unknown): void => {
    const id = `${file}: ${title === undefined ? '' : `${title}: `}${name}`
    if (ids.has(id)) throw new Error(`two tests are called ${id}`)
    ids.add(id)
    const hook = hooks.get(file)
    tests.push(hook === undefined ? { id, run } : { id, run: async () => void [await run(), hook()] })
  }
  return Object.assign(register, { run: () => undefined, after: { each: (hook: () => unknown) => void hooks.set(file, hook) } })
}

export const test = suite()
