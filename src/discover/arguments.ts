import { itemsAt, placeOf, textAt } from '../yaml/tree.ts'
import type { Place, Tree } from '../yaml/tree.ts'
import { expand, Room, valuesOf } from './environment.ts'
import type { Values, Variable } from './environment.ts'
import { scriptAt, scriptCommands } from './shell.ts'

/** A flag of a container's command line. */
export interface Argument {
  /** Without dashes: `gate-bind-address`. */
  readonly flag: string
  /** With those that it has: `-fsS`. */
  readonly written: string
  readonly value: string
  readonly place: Place
}

export interface Word {
  readonly text: string
  readonly place: Place
}

/** What a container's `command` and `args` say. */
export interface CommandLine {
  readonly arguments: readonly Argument[]
  /** Words that are neither a flag nor behind one. */
  readonly operands: readonly Word[]
  /** Variables that `env` or a shell's script hands to a command: `PORT=1 m`, `export PORT=1`. */
  readonly variables: readonly Variable[]
}

/** The flags of a container, `--flag=value` and `--flag value` alike, with references to its environment resolved; those in a shell's script too. */
export function commandLine(container: Tree, variables: readonly Variable[]): CommandLine {
  const values = valuesOf(variables)
  const room = new Room()
  const words = [...itemsAt(container, 'command'), ...itemsAt(container, 'args')].map(node => ({
    text: expand(textAt(node) ?? '', values, room),
    place: placeOf(node),
  }))
  const commands = commandsOf(words, values)
  return {
    arguments: commands.flatMap(({ words }) => flagsOf(words)),
    operands: commands.flatMap(({ words }) => words.filter(({ text }, index) => !isFlag(text) && !takesNext(words[index - 1]?.text ?? ''))),
    variables: commands.flatMap(assignedIn),
  }
}

interface Command {
  readonly words: readonly Word[]
  /** A shell reads it: variables may stand before its name. */
  readonly inShell: boolean
}

/** The words as they are, or those of each command of a shell's script. */
function commandsOf(words: readonly Word[], values: Values): Command[] {
  const index = scriptAt(words.map(({ text }) => text))
  const script = index === undefined ? undefined : words[index]
  if (index === undefined || script === undefined) return [{ words, inShell: false }]
  const commands = scriptCommands(script.text, values).map(command => ({
    words: command.map(text => ({ text, place: script.place })),
    inShell: true,
  }))
  return [{ words: words.slice(0, index), inShell: false }, ...commands, { words: words.slice(index + 1), inShell: false }]
}

function flagsOf(words: readonly Word[]): Argument[] {
  return words.flatMap(({ text, place }, index) => {
    const match = /^(--?([A-Za-z][\w.-]*))(?:=(.*))?$/s.exec(text)
    if (match?.[1] === undefined || match[2] === undefined) return []
    const next = words[index + 1]?.text
    const value = match[3] ?? (next === undefined || isFlag(next) ? '' : next)
    return [{ flag: match[2], written: match[1], value, place }]
  })
}

function isFlag(word: string): boolean {
  return word.startsWith('-')
}

function takesNext(word: string): boolean {
  return isFlag(word) && word !== '--' && !word.includes('=')
}

/** The variables that a command gets, or that `export` gives to all that follow. */
function assignedIn({ words, inShell }: Command): Variable[] {
  const start = words.findIndex(({ text }) => !starters.has(text))
  const starter = words[start - 1]?.text
  if (start < 0 || (starter !== 'env' && !inShell)) return []
  const rest = words.slice(start)
  const end = starter === 'export' ? rest.length : rest.findIndex(({ text }) => !assignment.test(text))
  // Alone they are the shell's own.
  return rest.slice(0, Math.max(end, 0)).flatMap(({ text, place }) => {
    const [, name, value = ''] = assignment.exec(text) ?? []
    return name === undefined ? [] : [{ name, value, what: `variable ${name}`, place }]
  })
}

/** What may stand before the variables of a command. */
const starters: ReadonlySet<string> = new Set(['exec', 'env', 'export', 'then', 'else', 'do', '{'])

const assignment = /^([A-Za-z_]\w*)=(.*)$/s
