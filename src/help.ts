import { flags, variableName } from './cli.ts'
import { engines } from './engines/registry.ts'
import { version } from './version.ts'

export function helpText(): string {
  return `helm-netpol ${version}
Reads a rendered Helm release on stdin, adds the network policies of its controller, writes it to stdout.

  helm template app ./chart -f values.yaml | helm-netpol -f values.yaml
  helm template app ./chart | helm-netpol explain -f values.yaml      (who may talk to whom, and what is cut)
  helm template app ./chart | helm-netpol values --engine cilium      (a networkPolicy block for the chart)
  helm install app ./chart -f values.yaml --post-renderer netpol --post-renderer-args -f=values.yaml   (Helm 4 plugin)

Flags (each also as an environment variable; flags win):
${Object.entries(flags).map(flagLine).join('\n')}

Engines (networkPolicy.engine):
${Object.entries(engines)
  .map(([name, { describe }]) => `  ${name.padEnd(22)}${describe}`)
  .join('\n')}

Exit codes: 0 done, 1 something is wrong (nothing on stdout), 2 wrong usage, 3 a mistake of helm-netpol.
`
}

function flagLine([name, flag]: [string, (typeof flags)[keyof typeof flags]]): string {
  const short = 'short' in flag ? `-${flag.short}, ` : '    '
  const value = 'value' in flag ? ` ${flag.value}` : ''
  const variable = without.includes(name) ? '' : ` [${variableName(name)}]`
  return `  ${`${short}--${name}${value}`.padEnd(28)}${flag.describe}${variable}`
}

/** Flags that are no environment variables. */
export const without: readonly string[] = ['help', 'version', 'format', 'kubeconfig', 'context']
