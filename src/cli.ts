import { parseArgs } from './node.ts'
import { nearest } from './values/nearest.ts'
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
  /** Undefined: where it is strict. */
  readonly verify: boolean | undefined
  readonly report: string | undefined
  readonly onlyPolicies?: boolean
  /** Which of those that have a default were given: a functionConfig does not win over them. */
  readonly explicit: readonly ('root' | 'strict')[]
  /** Those of the flags that came as variables, with the variable's name: a message says where a value is from. */
  readonly sources: Readonly<Partial<Record<Sourced, string>>>
}

export type Sourced = (typeof sourced)[number]
const sourced = ['engine', 'controller', 'namespace', 'root', 'report'] as const

export type Command =
  | { readonly do: 'filter'; readonly request: Request }
  | CommandRequest
  | { readonly do: 'help'; readonly command?: CommandName }
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
  check: { describe: 'what the policies do to each flow that is needed', operands: '[OLD NEW]', readsStream: true, reports: false },
  flux: { describe: 'a HelmRelease of Flux with the policies as postRenderers', operands: 'HELMRELEASE.yaml', readsStream: true, reports: true },
  completion: { describe: 'what your shell needs to complete flags and values', operands: 'bash|zsh|fish', readsStream: false, reports: false },
  schema: { describe: 'the JSON Schema of the values, or of a world file', operands: 'values|world', readsStream: false, reports: false },
} as const satisfies Record<string, CommandWords>

export type Environment = Readonly<Record<string, string | undefined>>

export interface Flag {
  readonly short?: string
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  /** What stands for the value in the help text. */
  readonly value?: string
  readonly describe: string
  /** The commands that have it, or the filter alone; such a flag, as well as help and version, is no environment variable. */
  readonly of?: readonly (CommandName | 'filter')[]
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
  verify: { type: 'string', describe: 'what the policies cut is an error; implied by --strict' },
  report: { type: 'string', value: 'FILE', describe: 'write flows, policies and diagnostics as JSON' },
  'only-policies': { of: ['filter'], type: 'boolean', describe: 'write the policies alone, to be kept beside the release' },
  format: { of: ['explain', 'check'], type: 'string', value: 'FORMAT', describe: 'how it is written (default table)' },
  'engine-impl': { of: ['check'], type: 'string', value: 'IMPL', describe: 'what enforces the policies; else the engine of the values or their kinds tell' },
  policies: { of: ['check'], type: 'string', multiple: true, value: 'FILE', describe: 'more objects, as kubectl get … -o yaml prints them; repeatable' },
  world: { of: ['check'], type: 'string', value: 'FILE', describe: 'who is in the cluster beside the stream' },
  flow: { of: ['check'], type: 'string', multiple: true, value: 'FLOW', describe: "a question of one's own: 'ns/pod -> ns/pod:port/proto'; repeatable" },
  diff: { of: ['check'], type: 'boolean', describe: 'what turned out otherwise between two streams, OLD and NEW' },
  kubeconfig: { of: ['values'], type: 'string', value: 'FILE', describe: "ask this cluster (through kubectl) for the apiserver's addresses" },
  context: { of: ['values'], type: 'string', value: 'NAME', describe: 'the same, by a context of the kubeconfig' },
  name: { of: ['flux'], type: 'string', value: 'NAME', describe: 'the HelmRelease that is meant, where the file holds several' },
  'in-place': { of: ['flux'], short: 'i', type: 'boolean', describe: 'write the file, not stdout' },
  check: { of: ['flux'], type: 'boolean', describe: 'write nothing; exit 1 where the block is not what it should be' },
  help: { short: 'h', type: 'boolean', describe: 'show this text' },
  version: { type: 'boolean', describe: 'show the version' },
} as const satisfies Record<string, Flag>

type FlagName = keyof typeof flags
type OwnFlagName = { [N in FlagName]: (typeof flags)[N] extends { readonly of: readonly string[] } ? N : never }[FlagName]

/** Reads the command line; flags win over the environment. `listSeparator` parts the files of HELM_NETPOL_VALUES, as in PATH. */
export function parseCommand(argv: readonly string[], environment: Environment, listSeparator: string): Command {
  const [first = '', second = ''] = argv
  if (first === 'help') return { do: 'help', ...(isCommand(second) ? { command: second } : {}) }
  const name = isCommand(first) ? first : undefined
  const { values, operands, mistakes } = parseFlags(name === undefined ? argv : argv.slice(1), name)
  if (values.help === true) return { do: 'help', ...(name === undefined ? {} : { command: name }) }
  if (values.version === true) return { do: 'version' }
  for (const mistake of [...misplaced(values, name), ...unreported(values, name)]) mistakes.push(mistake)
  const request = toRequest(values, environment, listSeparator, mistakes)
  if (mistakes.length > 0) return { do: 'refuse', mistakes }
  return name === undefined ? { do: 'filter', request } : { do: 'command', name, request, own: values, operands }
}

/** What a command does with stdin: `taken` where something is piped into it. */
export function streamFor({ name, own }: Pick<CommandRequest, 'name' | 'own'>): 'needed' | 'taken' | 'none' {
  if (!commands[name].readsStream || own.diff === true) return 'none'
  return own.policies === undefined ? 'needed' : 'taken'
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
    verify: parseBoolean('--verify', values.verify, mistakes) ?? parseBoolean(variableName('verify'), variable('verify'), mistakes),
    report: values.report ?? variable('report'),
    ...(values['only-policies'] === true ? { onlyPolicies: true } : {}),
    explicit: [...(root === undefined ? [] : ['root' as const]), ...(strict === undefined ? [] : ['strict' as const])],
    sources: Object.fromEntries(
      sourced.flatMap(flag => (values[flag] === undefined && variable(flag) !== undefined ? [[flag, variableName(flag)] as const] : [])),
    ),
  }
}

/** Flags of one command, given to another. */
function misplaced(values: Values, command: CommandName | undefined): string[] {
  const given: Readonly<Record<string, unknown>> = values
  return Object.entries<Flag>(flags).flatMap(([name, { of }]) => {
    if (of === undefined || of.includes(command ?? 'filter') || given[name] === undefined) return []
    return [`--${name} is a flag of ${of.map(owner => (owner === 'filter' ? 'the filter alone' : `helm-netpol ${owner}`)).join(' and ')}`]
  })
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
    const mistake = strayWord(argv, command, problem) ?? strangeFlag(message, command) ?? sourceless(argv, message) ?? message.split(/\.\s/)[0] ?? message
    return { values: parse([], takes).values, operands: [], mistakes: [mistake] }
  }
}

/** A flag that is not there, with the one that is meant. */
function strangeFlag(message: string, command: CommandName | undefined): string | undefined {
  const name = /^Unknown option '--([^']+)'/.exec(message)?.[1]
  if (name === undefined) return undefined
  const known = Object.entries<Flag>(flags).flatMap(([flag, { of }]) => (of === undefined || of.includes(command ?? 'filter') ? [flag] : []))
  const meant = nearest(name, known)
  return `Unknown option '--${name}'${meant === undefined ? '' : `; did you mean --${meant}?`}`
}

/** A flow without its source begins as a flag does. */
function sourceless(argv: readonly string[], message: string): string | undefined {
  if (!message.startsWith("Option '--flow' argument is ambiguous") || !argv.some((word, index) => word.startsWith('->') && argv[index - 1] === '--flow'))
    return undefined
  return "--flow: a flow begins with its source: 'FROM -> TO:PORT'"
}

/** A word behind a flag that takes none may be the end of a password with a space in it: it is told by its number. */
function strayWord(argv: readonly string[], command: CommandName | undefined, problem: unknown): string | undefined {
  if (!(problem instanceof Error && 'code' in problem && problem.code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL')) return undefined
  const { tokens } = parseArgs({ args: argumentsOf(argv), options: flags, tokens: true, strict: false, allowPositionals: true })
  const index = tokens.find(({ kind }) => kind === 'positional')?.index ?? 0
  if (index > 0)
    return `argument ${index + 1} is no flag and no flag's value; a value with a space in it needs quotes, and the chart is read from stdin: < FILE`
  const [word = ''] = argv
  const meant = command === undefined && /^\w+$/.test(word) ? nearest(word, Object.keys(commands)) : undefined
  return `Unexpected argument ${JSON.stringify(word)}; ${meant === undefined ? `the chart is read from stdin: < ${word}` : `did you mean ${meant}?`}`
}

function parse(argv: readonly string[], allowPositionals: boolean) {
  return parseArgs({ args: argumentsOf(argv), options: flags, tokens: true, strict: true, allowPositionals })
}

/** pflag, which Helm's users know, takes `-f=FILE`, `--strict` and `--strict=false`; parseArgs does not. */
function argumentsOf(argv: readonly string[]): string[] {
  return argv.map(word => (word === '--strict' || word === '--verify' ? `${word}=true` : word.replace(/^(-[a-z])=/, '$1')))
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
  return Object.entries(values).flatMap(([name, value]) => ([value].flat().includes('') && !mayBeEmpty.test(name) ? [`--${name} needs a value`] : []))
}

/** A controller that is to be found; an expression that sets nothing, which Helm takes. */
const mayBeEmpty = /^controller$|^set/

function parseBoolean(name: string, text: string | undefined, mistakes: string[]): boolean | undefined {
  if (text === undefined) return undefined
  if (/^(true|1|yes|on)$/i.test(text)) return true
  if (!/^(false|0|no|off)$/i.test(text)) mistakes.push(`${name} must be true or false, not ${JSON.stringify(text)}`)
  return false
}

function expressions(kind: SetKind, given: readonly string[] | undefined, variable: string | undefined): SetExpression[] {
  // Of several it is said which one, as they stand on the command line.
  const name = (index: number): string => (given !== undefined && given.length > 1 ? `--${kind} #${index + 1}` : `--${kind}`)
  if (given !== undefined) return given.map((text, index) => ({ kind, source: { name: name(index), text, firstLine: 0 } }))
  return variable === undefined ? [] : [{ kind, source: { name: variableName(kind), text: variable, firstLine: 0 } }]
}
