import { parseArgs } from 'node:util'
import type { SetExpression, SetKind } from './values/set.ts'

/** What the command line and the environment ask for. */
export interface Request {
  readonly root: string
  readonly values: readonly string[]
  readonly sets: readonly SetExpression[]
  readonly engine: string | undefined
  readonly controller: string | undefined
  readonly namespace: string | undefined
  readonly strict: boolean
  readonly report: string | undefined
}

export type Command =
  | { readonly do: 'filter'; readonly request: Request }
  | { readonly do: 'explain'; readonly request: Request; readonly format: string }
  | { readonly do: 'values'; readonly request: Request; readonly cluster: Cluster | undefined }
  | { readonly do: 'help' }
  | { readonly do: 'version' }
  /** Every mistake of the command line, one string each. */
  | { readonly do: 'refuse'; readonly mistakes: readonly string[] }

/** A cluster to ask, as kubectl finds it. */
export interface Cluster {
  readonly kubeconfig: string | undefined
  readonly context: string | undefined
}

export type Environment = Readonly<Record<string, string | undefined>>

interface Flag {
  readonly short?: string
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  /** What stands for the value in the help text. */
  readonly value?: string
  readonly describe: string
}

/** Every flag; each but help and version is also an environment variable, `HELM_NETPOL_` and its name. */
export const flags = {
  values: { short: 'f', type: 'string', multiple: true, value: 'FILE', describe: 'values file, the one that the chart gets; repeatable, later ones win' },
  set: { type: 'string', multiple: true, value: 'KEY=VALUE', describe: "set values, in Helm's syntax; repeatable" },
  'set-string': { type: 'string', multiple: true, value: 'KEY=VALUE', describe: 'set values that stay strings' },
  'set-json': { type: 'string', multiple: true, value: 'KEY=JSON', describe: 'set values from JSON' },
  engine: { type: 'string', value: 'ENGINE', describe: 'short for networkPolicy.enabled: true and networkPolicy.engine' },
  controller: { type: 'string', value: 'NAME', describe: "workload to protect: a name, several with commas, or '*'" },
  namespace: { short: 'n', type: 'string', value: 'NAME', describe: 'release namespace, which Helm does not tell a post-renderer' },
  root: { type: 'string', value: 'KEY', describe: 'key of our block in the values (default networkPolicy)' },
  strict: { type: 'string', describe: 'warnings are errors' },
  report: { type: 'string', value: 'FILE', describe: 'write flows, policies and diagnostics as JSON' },
  format: { type: 'string', value: 'FORMAT', describe: 'explain: table, json, markdown, mermaid, svg or html (default table)' },
  kubeconfig: { type: 'string', value: 'FILE', describe: "values: ask this cluster (through kubectl) for the apiserver's addresses" },
  context: { type: 'string', value: 'NAME', describe: 'values: the same, by a context of the kubeconfig' },
  help: { short: 'h', type: 'boolean', describe: 'show this text' },
  version: { type: 'boolean', describe: 'show the version' },
} as const satisfies Record<string, Flag>

/** Reads the command line; flags win over the environment. `listSeparator` parts the files of HELM_NETPOL_VALUES, as in PATH. */
export function parseCommand(argv: readonly string[], environment: Environment, listSeparator: string): Command {
  const command = argv[0] === 'explain' || argv[0] === 'values' ? argv[0] : undefined
  const { values, mistakes } = parseFlags(command === undefined ? argv : argv.slice(1))
  if (values.help === true) return { do: 'help' }
  if (values.version === true) return { do: 'version' }
  const variable = (flag: string): string | undefined => environment[variableName(flag)] || undefined
  const strict = parseBoolean('--strict', values.strict, mistakes) ?? parseBoolean(variableName('strict'), variable('strict'), mistakes)
  mistakes.push(...misplaced(values, command))
  if (mistakes.length > 0) return { do: 'refuse', mistakes }
  const sets = (['set', 'set-string', 'set-json'] as const).flatMap(kind => expressions(kind, values[kind], variable(kind)))
  const files = variable('values')?.split(listSeparator) ?? []
  const request: Request = {
    root: values.root ?? variable('root') ?? 'networkPolicy',
    values: values.values ?? files.filter(path => path !== ''),
    sets,
    engine: values.engine ?? variable('engine'),
    controller: values.controller ?? variable('controller'),
    namespace: values.namespace ?? variable('namespace'),
    strict: strict ?? false,
    report: values.report ?? variable('report'),
  }
  const { kubeconfig, context } = values
  if (command === 'explain') return { do: command, request, format: values.format ?? 'table' }
  if (command === 'values') return { do: command, request, cluster: kubeconfig === undefined && context === undefined ? undefined : { kubeconfig, context } }
  return { do: 'filter', request }
}

/** Flags of one command, given to another. */
function misplaced(values: ReturnType<typeof parse>['values'], command: 'explain' | 'values' | undefined): string[] {
  const owners = { format: 'explain', kubeconfig: 'values', context: 'values' } as const
  const strays = (['format', 'kubeconfig', 'context'] as const).filter(flag => values[flag] !== undefined && owners[flag] !== command)
  return strays.map(flag => `--${flag} is a flag of helm-netpol ${owners[flag]}`)
}

/** `set-string` → `HELM_NETPOL_SET_STRING`. */
export function variableName(flag: string): string {
  return `HELM_NETPOL_${flag.toUpperCase().replaceAll('-', '_')}`
}

function parseFlags(argv: readonly string[]): { values: ReturnType<typeof parse>['values']; mistakes: string[] } {
  try {
    const { values, tokens } = parse(argv)
    return { values, mistakes: [...repeated(tokens), ...emptied(values)] }
  } catch (problem) {
    const message = problem instanceof Error ? problem.message : String(problem)
    // parseArgs explains at length how to pass a positional; its first sentence says what is wrong.
    return { values: parse([]).values, mistakes: [message.split('. ')[0] ?? message] }
  }
}

function parse(argv: readonly string[]) {
  // pflag, which Helm's users know, takes `-f=FILE`, `--strict` and `--strict=false`; parseArgs does not.
  const args = argv.map(word => (word === '--strict' ? '--strict=true' : word.replace(/^(-[a-z])=/, '$1')))
  return parseArgs({ args, options: flags, tokens: true, strict: true, allowPositionals: false })
}

/** A flag that counts once, given twice with different values. */
function repeated(tokens: ReturnType<typeof parse>['tokens']): string[] {
  const given = new Map<string, string | undefined>()
  return tokens.flatMap(token => {
    if (token.kind !== 'option' || 'multiple' in flags[token.name]) return []
    const before = given.get(token.name)
    given.set(token.name, token.value)
    return before === undefined || before === token.value ? [] : [`--${token.name} is given twice, as ${before} and as ${token.value}`]
  })
}

function emptied(values: ReturnType<typeof parse>['values']): string[] {
  return Object.entries(values).flatMap(([name, value]) => (value === '' && name !== 'namespace' && name !== 'controller' ? [`--${name} needs a value`] : []))
}

function parseBoolean(name: string, text: string | undefined, mistakes: string[]): boolean | undefined {
  if (text === undefined) return undefined
  if (/^(true|1|yes|on)$/i.test(text)) return true
  if (!/^(false|0|no|off)$/i.test(text)) mistakes.push(`${name} must be true or false, not ${JSON.stringify(text)}`)
  return false
}

function expressions(kind: SetKind, given: readonly string[] | undefined, variable: string | undefined): SetExpression[] {
  if (given !== undefined) return given.map(text => ({ kind, source: { name: `--${kind}`, text, firstLine: 0 } }))
  return variable === undefined ? [] : [{ kind, source: { name: variableName(kind), text: variable, firstLine: 0 } }]
}
