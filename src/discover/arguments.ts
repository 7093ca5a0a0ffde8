import { itemsAt, placeOf, textAt } from '../yaml/tree.ts'
import type { Place, Tree } from '../yaml/tree.ts'
import { expand, valuesOf } from './environment.ts'
import type { Values, Variable } from './environment.ts'
import { scriptAt, scriptCommands } from './shell.ts'

/** A flag of a container's command line. */
export interface Argument {
  /** Without dashes: `gate-bind-address`. */
  readonly flag: string
  readonly value: string
  readonly place: Place
}

interface Word {
  readonly text: string
  readonly place: Place
}

/** The flags of a container, `--flag=value` and `--flag value` alike, with references to its environment resolved; those in a shell's script too. */
export function bindings(container: Tree, variables: readonly Variable[]): Argument[] {
  const values = valuesOf(variables)
  const words = [...itemsAt(container, 'command'), ...itemsAt(container, 'args')].map(node => ({
    text: expand(textAt(node) ?? '', values),
    place: placeOf(node),
  }))
  return commandsOf(words, values).flatMap(flagsOf)
}

/** The words as they are, or those of each command of a shell's script. */
function commandsOf(words: readonly Word[], values: Values): (readonly Word[])[] {
  const index = scriptAt(words.map(({ text }) => text))
  const script = index === undefined ? undefined : words[index]
  if (index === undefined || script === undefined) return [words]
  const commands = scriptCommands(script.text, values).map(command => command.map(text => ({ text, place: script.place })))
  return [words.slice(0, index), ...commands, words.slice(index + 1)]
}

function flagsOf(words: readonly Word[]): Argument[] {
  return words.flatMap(({ text, place }, index) => {
    const match = /^--?([A-Za-z][\w.-]*)(?:=(.*))?$/s.exec(text)
    if (match?.[1] === undefined) return []
    const next = words[index + 1]?.text
    const value = match[2] ?? (next === undefined || next.startsWith('-') ? '' : next)
    return [{ flag: match[1], value, place }]
  })
}
