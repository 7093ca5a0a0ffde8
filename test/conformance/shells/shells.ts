import { run } from '../harness/proc.ts'
import { show, shownAs, type } from './terminal.ts'

export interface Shell {
  readonly name: string
  /** What `helm-netpol completion` calls it. */
  readonly script: 'bash' | 'zsh' | 'fish'
  /** Programs and files without which it cannot be asked. */
  readonly needs: readonly string[]
  /** The words that are offered after each of the lines. */
  offers(script: string, lines: readonly string[], cwd: string): Promise<string[][]>
}

/** Readline inserts every completion at Escape and `*`. */
function bash(name: string, needs: readonly string[], before: readonly string[]): Shell {
  return {
    name,
    script: 'bash',
    needs: ['bash', 'script', ...needs],
    async offers(script, lines, cwd) {
      const setup = [`bind -x '"\\C-g": printf "${shownAs}" "$READLINE_LINE"; READLINE_LINE='`, ...before, `source ${script}`]
      const keys = [...setup.map(line => `${line}\n`), ...lines.map(line => `${line}\x1b*${show}`), '\nexit\n'].join('')
      const shown = await type(['bash', '--norc', '--noprofile', '-i'], keys, cwd)
      return lines.map((line, index) => inserted(line, shown[index]))
    },
  }
}

const bashCompletion = '/usr/share/bash-completion/bash_completion'

/** A completion widget that inserts all matches. */
const zsh: Shell = {
  name: 'zsh',
  script: 'zsh',
  needs: ['zsh', 'script'],
  async offers(script, lines, cwd) {
    const setup = [
      'autoload -Uz compinit && compinit -u -d ./zcompdump',
      `source ${script}`,
      'every() { _main_complete; compstate[insert]=all; compstate[list]= }; zle -C every complete-word every; bindkey "^X" every',
      `show() { printf "${shownAs}" "$BUFFER"; BUFFER= }; zle -N show; bindkey "^G" show`,
      'unsetopt beep prompt_sp prompt_cr',
    ]
    const keys = [...setup.map(line => `${line}\n`), ...lines.map(line => `${line}\x18${show}`), '\nexit\n'].join('')
    const shown = await type(['zsh', '-f', '-i'], keys, cwd)
    return lines.map((line, index) => inserted(line, shown[index]))
  },
}

/** Fish answers a question of its own: words, each with a tab and its description. */
const fish: Shell = {
  name: 'fish',
  script: 'fish',
  needs: ['fish'],
  async offers(script, lines, cwd) {
    return await Promise.all(
      lines.map(async line => {
        const { stdout, stderr, code } = await run('fish', ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', script, line], { cwd })
        if (code !== 0 || stderr !== '') throw new Error(`fish: ${stderr}`)
        const words = stdout.split('\n').filter(word => word !== '')
        const typed = line.slice(line.lastIndexOf(' ') + 1)
        return words.map(word => word.split('\t')[0] ?? '').map(word => word.slice(typed.startsWith('--') ? typed.indexOf('=') + 1 : 0))
      }),
    )
  },
}

export const shells: readonly Shell[] = [bash('bash', [], []), bash('bash with bash-completion', [bashCompletion], [`source ${bashCompletion}`]), zsh, fish]

/** The words that stand where the last one was; the line as it was typed offers none. */
function inserted(typed: string, shown: string | undefined): string[] {
  if (shown === undefined) throw new Error(`nothing was shown for ${JSON.stringify(typed)}`)
  const head = typed.slice(0, Math.max(typed.lastIndexOf(' '), typed.lastIndexOf('=')) + 1)
  if (shown.trimEnd() === typed.trimEnd()) return []
  if (!shown.startsWith(head)) throw new Error(`${JSON.stringify(typed)} became ${JSON.stringify(shown)}`)
  // Zsh repeats the option before each of its values, and ends an option in the `=` that may follow.
  return shown
    .slice(head.length)
    .trim()
    .split(/\s+/)
    .map(word => word.replace(/^--[a-z-]+=(?=.)/, '').replace(/^(--[a-z-]+)=$/, '$1'))
}
