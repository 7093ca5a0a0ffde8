import { bash } from './bash.ts'
import { fish } from './fish.ts'
import type { Grammar } from './grammar.ts'
import { zsh } from './zsh.ts'

/** Every shell that has a completion script. */
export const shells = { bash, zsh, fish } as const satisfies Record<string, (grammar: Grammar) => string>
