import { parseArgs } from './node.ts'
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
  readonly onlyPolicies?: boolean
  /** Which of those that have a default were given: a functionConfig does not win over them. */
  readonly explicit: readonly ('root' | 'strict')[]
}

export type Command =
  | { readonly do: 'filter'; readonly request: Request }
  | CommandRequest
  | { readonly do: 'help' }
  | { readonly do: 'version' }
  /** Every mistake of the command line, one string each. */
  | { readonly do: 'refuse'; readonly mistakes: readonly string[] }

/** What is asked of a command beside the filter. */
export interface CommandRequest {
  readonly do: 'command'
  readonly name: CommandName
  readonly request: Request
  /** Flags that are the command's own, and the namespace where it is a flag: that of the environment may be meant for something else. */
  readonly own: OwnFlags
  /** Words that are no flags. */
  readonly operands: readonly string[]
}

export type CommandName = keyof typeof commands
export type OwnFlags = Pick<ReturnType<typeof parse>['values'], OwnFlagName | 'namespace'>

export interface CommandWords {
  readonly describe: string
  /** What the words after the flags are, for the help text; null: it takes none. */
  readonly operands: string | null
  /** It reads a rendered stream on stdin. */
  readonly readsStream: boolean
  /** It has a report to write. */
  readonly reports: boolean
}

/** The commands beside the filter; each one is run by `src/commands/index.ts`. */
export const commands = {
  explain: { describe: 'who may talk to whom, and what is cut', operands: null, readsStream: true, reports: false },
  values: { describe: 'a networkPolicy block for the chart', operands: null, readsStream: true, reports: false },
  flux: { describe: 'a HelmRelease of Flux with the policies as postRenderers', operands: 'HELMRELEASE.yaml', readsStream: true, reports: true },
  completion: { describe: 'what your shell needs to complete flags and values', operands: 'bash|zsh|fish', readsStream: false, reports: false },
  schema: { describe: 'the JSON Schema of the values, for editors and charts', operands: null, readsStream: false, reports: false },
} as const satisfies Record<string, CommandWords>

export type Environment = Readonly<Record<string, string | undefined>>

export interface Flag {
  readonly short?: string
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  /** What stands for the value in the help text. */
  readonly value?: string
  readonly describe: string
  /** The command that has it, or the filter alone; such a flag, as well as help and version, is no environment variable. */
  readonly of?: CommandName | 'filter'
}

/** Every flag; each that all commands have is also an environment variable, `HELM_NETPOL_` and its name. */
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
  'only-policies': { of: 'filter', type: 'boolean', describe: 'write the policies alone, to be kept beside the release' },
  format: { of: 'explain', type: 'string', value: 'FORMAT', describe: 'explain: table, json, markdown, mermaid, svg or html (default table)' },
  kubeconfig: { of: 'values', type: 'string', value: 'FILE', describe: "values: ask this cluster (through kubectl) for the apiserver's addresses" },
  context: { of: 'values', type: 'string', value: 'NAME', describe: 'values: the same, by a context of the kubeconfig' },
  name: { of: 'flux', type: 'string', value: 'NAME', describe: 'flux: the HelmRelease that is meant, where the file holds several' },
  'in-place': { of: 'flux', short: 'i', type: 'boolean', describe: 'flux: write the file, not stdout' },
  check: { of: 'flux', type: 'boolean', describe: 'flux: write nothing; exit 1 where the block is not what it should be' },
  help: { short: 'h', type: 'boolean', describe: 'show this text' },
  version: { type: 'boolean', describe: 'show the version' },
} as const satisfies Record<string, Flag>

type FlagName = keyof typeof flags
type OwnFlagName = { [N in FlagName]: (typeof flags)[N] extends { readonly of: string } ? N : never }[FlagName]

/** Reads the command line; flags win over the environment. `listSeparator` parts the files of HELM_NETPOL_VALUES, as in PATH. */
export function parseCommand(argv: readonly string[], environment: Environment, listSeparator: string): Command {
  const [first = ''] = argv
  const name = isCommand(first) ? first : undefined
  const { values, operands, mistakes } = parseFlags(name === undefined ? argv : argv.slice(1), name)
  if (values.help === true) return { do: 'help' }
  if (values.version === true) return { do: 'version' }
  mistakes.push(...misplaced(values, name), ...unreported(values, name))
  const request = toRequest(values, environment, listSeparator, mistakes)
  if (mistakes.length > 0) return { do: 'refuse', mistakes }
  return name === undefined ? { do: 'filter', request } : { do: 'command', name, request, own: values, operands }
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(commands, word)
}

function toRequest(values: Values, environment: Environment, listSeparator: string, mistakes: string[]): Request {
  const variable = (flag: string): string | undefined => environment[variableName(flag)] || undefined
  const strict = parseBoolean('--strict', values.strict, mistakes) ?? parseBoolean(variableName('strict'), variable('strict'), mistakes)
  const files = variable('values')?.split(listSeparator) ?? []
  const root = values.root ?? variable('root')
  return {
    root: root ?? 'networkPolicy',
    values: values.values ?? files.filter(path => path !== ''),
    sets: (['set', 'set-string', 'set-json'] as const).flatMap(kind => expressions(kind, values[kind], variable(kind))),
    engine: values.engine ?? variable('engine'),
    controller: values.controller ?? variable('controller'),
    namespace: values.namespace ?? variable('namespace'),
    strict: strict ?? false,
    report: values.report ?? variable('report'),
    ...(values['only-policies'] === true ? { onlyPolicies: true } : {}),
    explicit: [...(root === undefined ? [] : ['root' as const]), ...(strict === undefined ? [] : ['strict' as const])],
  }
}

/** Flags of one command, given to another. */
function misplaced(values: Values, command: CommandName | undefined): string[] {
  const given: Readonly<Record<string, unknown>> = values
  return Object.entries<Flag>(flags).flatMap(([name, { of }]) =>
    of === undefined || of === (command ?? 'filter') || given[name] === undefined
      ? []
      : [`--${name} is a flag of ${of === 'filter' ? 'the filter alone' : `helm-netpol ${of}`}`],
  )
}

/** A report that would never be written; HELM_NETPOL_REPORT may be meant for the other calls of a script. */
function unreported({ report }: Values, command: CommandName | undefined): string[] {
  if (report === undefined || command === undefined || commands[command].reports) return []
  const having = Object.entries<CommandWords>(commands).flatMap(([name, { reports }]) => (reports ? [`helm-netpol ${name}`] : []))
  return [`helm-netpol ${command} makes no report: --report is a flag of ${['the filter', ...having].join(' and ')}`]
}

/** Flags that are environment variables as well. */
export function isVariable(name: string, flag: Flag): boolean {
  return flag.of === undefined && name !== 'help' && name !== 'version'
}

/** `set-string` → `HELM_NETPOL_SET_STRING`. */
export function variableName(flag: string): string {
  return `HELM_NETPOL_${flag.toUpperCase().replaceAll('-', '_')}`
}

type Values = ReturnType<typeof parse>['values']

function parseFlags(argv: readonly string[], command: CommandName | undefined): { values: Values; operands: readonly string[]; mistakes: string[] } {
  const takes = command !== undefined && commands[command].operands !== null
  try {
    const { values, positionals, tokens } = parse(argv, takes)
    return { values, operands: positionals, mistakes: [...repeated(tokens), ...emptied(values)] }
  } catch (problem) {
    const message = problem instanceof Error ? problem.message : String(problem)
    // parseArgs explains at length how to pass a positional; its first sentence says what is wrong.
    return { values: parse([], takes).values, operands: [], mistakes: [strayWord(argv, problem) ?? message.split(/\.\s/)[0] ?? message] }
  }
}

/** A word behind a flag that takes none may be the end of a password with a space in it: it is told by its number. */
function strayWord(argv: readonly string[], problem: unknown): string | undefined {
  if (!(problem instanceof Error && 'code' in problem && problem.code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL')) return undefined
  const { tokens } = parseArgs({ args: argumentsOf(argv), options: flags, tokens: true, strict: false, allowPositionals: true })
  const index = tokens.find(({ kind }) => kind === 'positional')?.index ?? 0
  return index === 0 ? undefined : `argument ${index + 1} is no flag and no flag's value; a value with a space in it needs quotes`
}

function parse(argv: readonly string[], allowPositionals: boolean) {
  return parseArgs({ args: argumentsOf(argv), options: flags, tokens: true, strict: true, allowPositionals })
}

/** pflag, which Helm's users know, takes `-f=FILE`, `--strict` and `--strict=false`; parseArgs does not. */
function argumentsOf(argv: readonly string[]): string[] {
  return argv.map(word => (word === '--strict' ? '--strict=true' : word.replace(/^(-[a-z])=/, '$1')))
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

function emptied(values: Values): string[] {
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
