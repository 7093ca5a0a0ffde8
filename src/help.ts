import { commands, flags, isVariable, variableName } from './cli.ts'
import { engines } from './engines/registry.ts'
import { version } from './version.ts'

/** What the help text and the manual page have in common. */
export const summary = 'Reads a rendered Helm release on stdin, adds the network policies of its controller, writes it to stdout.'
export const examples: readonly { readonly line: string; readonly note?: string }[] = [
  { line: 'helm template app ./chart -f values.yaml | helm-netpol -f values.yaml' },
  { line: 'helm install app ./chart -f values.yaml --post-renderer netpol --post-renderer-args -f=values.yaml', note: 'Helm 4 plugin' },
]
export const exitCodes = ['done', 'something is wrong (nothing on stdout)', 'wrong usage', 'a mistake of helm-netpol'] as const

export function helpText(): string {
  return `helm-netpol ${version}
${summary}

${examples.map(({ line, note }) => `  ${line}${note === undefined ? '' : `   (${note})`}`).join('\n')}

Commands:
${Object.entries(commands).map(commandLine).join('\n')}

Flags (those with a name in brackets are environment variables as well; flags win):
${Object.entries(flags).map(flagLine).join('\n')}

Engines (networkPolicy.engine):
${Object.entries(engines)
  .map(([name, { describe }]) => `  ${name.padEnd(22)}${describe}`)
  .join('\n')}

Exit codes: ${exitCodes.map((meaning, code) => `${code} ${meaning}`).join(', ')}.
`
}

function commandLine([name, { describe, operands, readsStream }]: [string, (typeof commands)[keyof typeof commands]]): string {
  const words = ['helm-netpol', name, ...(operands === null ? [] : [operands])].join(' ')
  return `  ${(readsStream ? `… | ${words}` : words).padEnd(40)}${describe}`
}

function flagLine([name, flag]: [string, (typeof flags)[keyof typeof flags]]): string {
  const short = 'short' in flag ? `-${flag.short}, ` : '    '
  const value = 'value' in flag ? ` ${flag.value}` : ''
  const variable = isVariable(name, flag) ? ` [${variableName(name)}]` : ''
  return `  ${`${short}--${name}${value}`.padEnd(28)}${flag.describe}${variable}`
}
