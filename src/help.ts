import { commands, flags, isVariable, variableName } from './cli.ts'
import type { CommandWords, Flag } from './cli.ts'
import { engines } from './engines/registry.ts'
import { version } from './version.ts'

/** What the help text and the manual page have in common. */
export const summary = 'Reads a rendered Helm release on stdin, adds the network policies of its controller, writes it to stdout.'
export const examples: readonly { readonly line: string; readonly note?: string }[] = [
  { line: 'helm template app ./chart -f values.yaml | helm-netpol -f values.yaml' },
  { line: 'helm install app ./chart -f values.yaml --post-renderer netpol --post-renderer-args -f=values.yaml', note: 'Helm 4 plugin' },
]
export const exitCodes = [
  'done',
  'something is wrong (nothing on stdout, but for what explain and check found)',
  'wrong usage',
  'a mistake of helm-netpol',
] as const

export function helpText(): string {
  return `helm-netpol ${version}
${summary}

${examples.map(({ line, note }) => `  ${line}${note === undefined ? '' : `   (${note})`}`).join('\n')}

Commands:
${Object.entries<CommandWords>(commands).map(commandLine).join('\n')}

  helm-netpol COMMAND --help shows the flags of a command.

Flags (those with a name in brackets are environment variables as well; flags win):
${flagLines(({ of }) => of === undefined || of.includes('filter')).join('\n')}

Engines (networkPolicy.engine):
${Object.entries(engines)
  .map(([name, { describe }]) => `  ${name.padEnd(22)}${describe}`)
  .join('\n')}

Exit codes: ${exitCodes.map((meaning, code) => `${code} ${meaning}`).join(', ')}.
`
}

/** How a command is called, and what it does. */
export function commandLine([name, { describe, operands, readsStream }]: [string, CommandWords]): string {
  const words = ['helm-netpol', name, ...(operands === null ? [] : [operands])].join(' ')
  return `  ${(readsStream ? `… | ${words}` : words).padEnd(40)}${describe}`
}

export function flagLines(fits: (flag: Flag, name: string) => boolean): string[] {
  return Object.entries<Flag>(flags)
    .filter(([name, flag]) => fits(flag, name))
    .map(flagLine)
}

function flagLine([name, flag]: [string, Flag]): string {
  const short = flag.short === undefined ? '    ' : `-${flag.short}, `
  const value = flag.value === undefined ? '' : ` ${flag.value}`
  const variable = isVariable(name, flag) ? ` [${variableName(name)}]` : ''
  return `  ${`${short}--${name}${value}`.padEnd(28)}${flag.describe}${variable}`
}
