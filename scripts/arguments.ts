import { parseArgs } from 'node:util'

/** What a script takes: flags without a value, and how many words or which. */
export interface Takes {
  readonly usage: string
  readonly flags?: readonly string[]
  /** The words that there are, or how many of any sort; none without it. */
  readonly words?: readonly string[] | number
}

export interface Arguments {
  readonly flags: ReadonlySet<string>
  readonly words: readonly string[]
}

/** The command line of a script, which ends here where it asks for help (exit code 0) or is not to be understood (2). */
export function argumentsOf(takes: Takes, argv: readonly string[] = process.argv.slice(2)): Arguments {
  const read = readArguments(takes, argv)
  if (!('text' in read)) return read
  const out = read.code === 0 ? process.stdout : process.stderr
  out.write(read.text)
  return process.exit(read.code)
}

/** The same, or what is to be said instead. */
export function readArguments({ usage, flags = [], words = 0 }: Takes, argv: readonly string[]): Arguments | { readonly text: string; readonly code: 0 | 2 } {
  const known = typeof words === 'number' ? undefined : words
  try {
    const options = Object.fromEntries(['help', ...flags].map(name => [name, { type: 'boolean' } as const]))
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
    if (values['help'] === true) return { text: `${usage}\n`, code: 0 }
    const strange = known === undefined ? positionals.slice(Number(words)) : positionals.filter(word => !known.includes(word))
    if (strange.length === 0) return { flags: new Set(Object.keys(values)), words: positionals }
    const one = known === undefined ? 'is one word too many' : `is none of ${known.join(', ')}`
    return { text: `${strange.map(word => `${JSON.stringify(word)} ${one}\n`).join('')}${usage}\n`, code: 2 }
  } catch (problem) {
    return { text: `${problem instanceof Error ? (problem.message.split(/\.\s/)[0] ?? '') : String(problem)}\n${usage}\n`, code: 2 }
  }
}
