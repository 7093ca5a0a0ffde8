import { grammar } from '../completion/grammar.ts'
import { shells } from '../completion/shells.ts'
import { CommandProblem } from './answer.ts'
import type { Answer, Call } from './answer.ts'

/** The completion script of a shell, made of the tables of commands and flags. */
export async function completionCommand({ operands }: Call): Promise<Answer> {
  const [name = '', ...others] = operands
  const known = Object.keys(shells)
  if (name === '' || others.length > 0) throw new CommandProblem(`helm-netpol completion takes the name of one shell: ${known.join(', ')}`, 2)
  const shell = Object.entries(shells).find(([key]) => key === name)?.[1]
  if (shell === undefined) throw new CommandProblem(`there is no completion for ${JSON.stringify(name)}; there is one for ${known.join(', ')}`, 2)
  return { text: shell(await grammar()), diagnostics: [] }
}
