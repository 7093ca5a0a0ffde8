import { run } from '../harness/proc.ts'

/** The key that has the shell print the line as it stands, between these marks, and empty it. */
export const show = '\x07'
const printed = /\[line (.*?) line\]/g

/** The format by which a shell prints it; the bracket is escaped, so that the echo of the setup is no line. */
export const shownAs = '\\133line %s line]\\n'

/** Types into a shell at a terminal of its own (`script` of util-linux makes one); the lines that `show` printed. */
export async function type(shell: readonly string[], keys: string, cwd: string): Promise<string[]> {
  const { stdout } = await run('script', ['--quiet', '--return', '--command', shell.join(' '), '/dev/null'], {
    input: keys,
    cwd,
    env: { TERM: 'dumb', PS1: '', HISTFILE: undefined, INPUTRC: '/dev/null', ZDOTDIR: cwd },
    timeoutMs: 60_000,
  })
  return [...stdout.matchAll(printed)].map(([, line = '']) => line)
}
