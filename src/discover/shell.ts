import type { Values } from './environment.ts'

/** Where the words of a command line hold a shell's script, as `sh -c SCRIPT`, `/bin/bash -euo pipefail -c SCRIPT` do; undefined where none does. */
export function scriptAt(words: readonly string[]): number | undefined {
  const shell = words.findIndex(word => shells.has(word.slice(word.lastIndexOf('/') + 1)))
  if (shell < 0) return undefined
  let takesScript = false
  let index = shell + 1
  for (; /^[-+]./.test(words[index] ?? ''); index++) {
    const option = words[index] ?? ''
    if (/^-[a-z]*c/i.test(option)) takesScript = true
    // Its own word follows: `-o pipefail`.
    if (/^[-+][a-z]*o$/i.test(option)) index++
  }
  return takesScript && index < words.length ? index : undefined
}

const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash'])

/**
 * The commands of a script, as words without their quotes. Variables that the container has, or that the script sets to one value, are
 * filled in; other references are left as `$(NAME)`, the way the kubelet leaves them. Nothing is run, and every branch counts.
 */
export function scriptCommands(script: string, variables: Values): string[][] {
  return new Script(script, variables).commands()
}

class Script {
  private readonly text: string
  private readonly variables: Values
  private readonly own = new Map<string, string | undefined>()
  private readonly done: string[][] = []
  private command: string[] = []
  private word: string | undefined
  private at = 0
  /** What references may still add: variables of variables double with each step. */
  private room = 1 << 16

  constructor(text: string, variables: Values) {
    this.text = text
    this.variables = variables
  }

  commands(): string[][] {
    while (this.at < this.text.length) this.step(this.text.charAt(this.at))
    this.endCommand()
    return this.done
  }

  private step(char: string): void {
    if (/[ \t\r]/.test(char)) this.endWord()
    else if (/[\n;&|<>()]/.test(char)) this.endCommand()
    else if (char === '#' && this.word === undefined) this.skipTo('\n')
    else if (char === "'") this.add(this.upTo("'", 1))
    else if (char === '"') this.quoted()
    else this.unquoted(char)
  }

  private skipTo(end: string): void {
    const found = this.text.indexOf(end, this.at)
    this.at = found < 0 ? this.text.length : found
  }

  private endWord(): void {
    this.at++
    if (this.word === undefined) return
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(this.word) ?? []
    // Set twice, it has no one value.
    if (name !== undefined) this.own.set(name, !this.own.has(name) || this.own.get(name) === value ? value : undefined)
    this.command.push(this.word)
    this.word = undefined
  }

  private endCommand(): void {
    this.endWord()
    if (this.command.length > 0) this.done.push(this.command)
    this.command = []
  }

  private quoted(): void {
    this.add('')
    for (this.at++; this.at < this.text.length && this.text.charAt(this.at) !== '"';) this.unquoted(this.text.charAt(this.at), '"$`\\\n')
    this.at++
  }

  /** A character outside of single quotes; `escapable`: those that a backslash takes effect on, all where it is undefined. */
  private unquoted(char: string, escapable?: string): void {
    if (char === '$') return this.add(this.reference())
    if (char === '`') return this.add(unknown(this.upTo('`', 1)))
    this.at++
    if (char !== '\\' || (escapable !== undefined && !escapable.includes(this.text.charAt(this.at)))) return this.add(char)
    const escaped = this.text.charAt(this.at++)
    if (escaped !== '\n') this.add(escaped)
  }

  private reference(): string {
    const next = this.text.charAt(this.at + 1)
    if (next === '(') return unknown(this.upTo(')', 2))
    if (next === '{') {
      const inner = this.upTo('}', 2)
      const [, name, sign, otherwise] = /^([A-Za-z_]\w*)(?:(:?[-=]|:?\?)(.*))?$/s.exec(inner) ?? []
      if (name === undefined) return unknown(/^[!#]?\w*/.exec(inner)?.[0] ?? '')
      return this.valueOf(name, sign?.endsWith('?') === true ? undefined : otherwise, { emptyIsUnset: sign?.startsWith(':') })
    }
    variableName.lastIndex = this.at + 1
    const [found = ''] = variableName.exec(this.text) ?? []
    this.at += 1 + found.length
    return found === '' ? '$' : this.valueOf(found, undefined)
  }

  private valueOf(name: string, otherwise: string | undefined, { emptyIsUnset = false } = {}): string {
    const known = this.own.has(name) ? this.own : this.variables
    const isSet = known.has(name) && !(emptyIsUnset && known.get(name) === '')
    const value = (isSet ? known.get(name) : otherwise) ?? unknown(name)
    if (value.length > this.room) return unknown(name)
    this.room -= value.length
    return value
  }

  /** The text from `skip` characters on to the next `end`, which is passed; all the rest where there is none. */
  private upTo(end: string, skip: number): string {
    const start = this.at + skip
    const found = this.text.indexOf(end, start)
    this.at = found < 0 ? this.text.length : found + 1
    return this.text.slice(start, found < 0 ? undefined : found)
  }

  private add(text: string): void {
    this.word = (this.word ?? '') + text
  }
}

const variableName = /[A-Za-z_]\w*/y

/** A reference that is left: to a variable, or to what a command prints. */
function unknown(text: string): string {
  // What follows a `=` may be a password.
  const [first = ''] = text.trim().split(/[\s()=]/, 1)
  return `$(${first === '' ? '?' : first})`
}
