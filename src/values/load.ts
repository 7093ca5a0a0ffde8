import type { Diagnose, Diagnostics } from '../diagnostics/collect.ts'
import { readYaml } from '../yaml/read.ts'
import { at, isNull, placeAt, placeOf } from '../yaml/tree.ts'
import type { MappingNode, Scalar, Source, Tree } from '../yaml/tree.ts'
import { wrongType, wrongValues } from './fields.ts'
import { nearest } from './nearest.ts'
import { emptyMapping, mergeValues, nested } from './merge.ts'
import { tellMistakes } from './mistakes.ts'
import { isPortNumber } from './peers.ts'
import { foreignKeys, networkPolicy } from './schema.ts'
import type { Settings } from './schema.ts'
import { applySet, SetSyntaxError } from './set.ts'
import type { SetExpression, SetKind } from './set.ts'

/** A file as it was found: its text, or why there is none, and what to do unless its path is wrong. */
export type TextFile = { readonly path: string } & ({ readonly text: string } | { readonly problem: string; readonly remedy?: string | undefined })

/** A values file, or values that were read elsewhere. */
export type ValuesFile = TextFile | { readonly path: string; readonly tree: Tree }

export interface ValuesOptions {
  /** Key of our block; `networkPolicy` unless a chart uses that name for something else. */
  readonly root: string
  readonly files: readonly ValuesFile[]
  /** Values that win over those of the files: a HelmRelease's own, as Flux merges them. */
  readonly last?: MappingNode | undefined
  readonly sets: readonly SetExpression[]
  readonly engine: string | undefined
  readonly controller: string | undefined
  readonly namespace: string | undefined
  /** Where those that are no flags came from, for messages: `HELM_NETPOL_ENGINE`. */
  readonly sources?: Readonly<Partial<Record<'engine' | 'controller' | 'namespace' | 'root', string>>>
  /** As if `enabled` were given: to show what would be. */
  readonly enable?: boolean
  /** The output is the policies alone, so that without any there is none. */
  readonly onlyPolicies?: boolean
}

/**
 * The settings: defaults < the stream's NetworkPolicyValues < files in order < --set < short flags.
 * Undefined where nothing enables the policies: then nothing else of the block is looked at, since it may
 * be another tool's.
 */
export async function loadSettings(inStream: Tree | undefined, options: ValuesOptions, diagnostics: Diagnostics): Promise<Settings | undefined> {
  const { diagnose } = diagnostics
  const values = await mergedValues(inStream, options, diagnose)
  const own = at(values, options.root)
  const given = own?.kind === 'mapping' ? own : emptyMapping(nowhere)
  const block = withFlags(mergeValues(foreignBlock(values), given), options)
  if (own !== undefined && own.kind !== 'mapping' && !isNull(own)) wrongType(own, options.root, 'a mapping', diagnose)
  const enabled = at(block, 'enabled')
  if (enabled === undefined || isNull(enabled)) {
    tellUnset(values, block, options, diagnostics)
    return undefined
  }
  if (enabled.kind === 'scalar' && enabled.value === false) return undefined
  const controller = at(block, 'controller')
  const settings = { ...networkPolicy.parse(block, options.root, diagnose), given }
  return controller === undefined ? settings : { ...settings, controllerPlace: placeOf(controller, `${options.root}.controller`) }
}

/** Nothing enabled: most likely the values did not reach us, or a key is mistyped. */
function tellUnset(values: MappingNode, block: MappingNode, { root, sources, onlyPolicies }: ValuesOptions, { diagnose, failed }: Diagnostics): void {
  const mistyped = [...block.entries.values()].find(({ key }) => key !== 'enabled' && nearest(key, ['enabled']) !== undefined)
  if (mistyped !== undefined) {
    const path = `${root}.${mistyped.key}`
    diagnose('NP203', { path, nearest: 'enabled' }, placeAt(mistyped.keySource, mistyped.keyStart, path))
  } else if (!failed) {
    const told = { root, similar: [...values.entries.keys()].find(key => key !== root && nearest(key, [root]) !== undefined) }
    const place = sources?.root === undefined ? undefined : { source: sources.root, line: 0, column: 0, path: root }
    if (onlyPolicies === true) diagnose('NP210', told, place)
    else diagnose('NP209', told, place)
  }
}

const nowhere: Source = { name: 'values', text: '', firstLine: 0 }

/** The values of every source, merged as Helm merges them. */
export async function mergedValues(
  inStream: Tree | undefined,
  { root, files, last, sets }: Pick<ValuesOptions, 'root' | 'files' | 'last' | 'sets'>,
  diagnose: Diagnose,
): Promise<MappingNode> {
  let values = inStream?.kind === 'mapping' ? inStream : emptyMapping(nowhere)
  for (const file of files) values = mergeValues(values, await readFile(file, diagnose))
  if (last !== undefined) values = mergeValues(values, last)
  return applySets(values, sets, root, diagnose)
}

async function readFile(file: ValuesFile, diagnose: Diagnose): Promise<MappingNode> {
  const source: Source = { name: file.path, text: 'text' in file ? file.text : '', firstLine: 0 }
  if ('problem' in file) {
    diagnose('NP200', { problem: file.problem, path: file.path, remedy: file.remedy }, { source: file.path, line: 0, column: 0 })
    return emptyMapping(source)
  }
  try {
    const [tree, another] = 'tree' in file ? [file.tree] : await readYaml(source, { uniqueKeys: true })
    if (tree === undefined) return emptyMapping(source)
    if (another !== undefined) diagnose('NP201', { problem: 'the file holds more than one document' }, placeOf(another))
    if (tree.kind === 'mapping') return tree
    wrongValues(tree, 'values', 'a mapping', diagnose)
  } catch (problem) {
    tellMistakes(problem, diagnose)
  }
  return emptyMapping(source)
}

/** Helm applies all --set-json first, then --set, then --set-string (pkg/cli/values). */
const setOrder: readonly SetKind[] = ['set-json', 'set', 'set-string']

function applySets(values: MappingNode, sets: readonly SetExpression[], root: string, diagnose: Diagnose): MappingNode {
  let result = values
  for (const expression of setOrder.flatMap(kind => sets.filter(set => set.kind === kind))) {
    try {
      result = applySet(result, expression)
    } catch (problem) {
      if (!(problem instanceof SetSyntaxError)) throw problem
      diagnose('NP202', setMistake(expression, problem, root), placeAt(expression.source, problem.offset))
    }
  }
  return result
}

/** What to say of an expression; of other keys than ours, nothing but the first name: the rest may be a password. */
function setMistake({ source }: SetExpression, { message, blind, assignment }: SetSyntaxError, root: string): { expression: string; problem: string } {
  const name = source.text.slice(assignment).replace(/[=,].*/s, '')
  if (isOf(name.replaceAll('\\', ''), root)) return { expression: `${source.name} ${shortened(name)}`, problem: message }
  const [first] = /^[^=,{]+(?==)/.exec(source.text) ?? []
  return { expression: first === undefined ? source.name : `${source.name} ${shortened(first)}=…`, problem: blind }
}

function isOf(name: string, root: string): boolean {
  return name.startsWith(root) && /^(?:[.[]|$)/.test(name.slice(root.length))
}

function shortened(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name
}

/** The chart's own `webhook.enabled`, `gate.enabled` and `ports.*`, where their shape is ours. */
function foreignBlock(values: MappingNode): MappingNode {
  return foreignKeys.reduce<MappingNode>((block, path) => {
    const value = at(values, ...path)
    return value !== undefined && hasOurShape(path, value) ? mergeValues(block, nested(path, value)) : block
  }, emptyMapping(nowhere))
}

function hasOurShape(path: readonly string[], value: Tree): boolean {
  if (value.kind !== 'scalar') return false
  return path[0] === 'ports' ? isPortNumber(value.value) : typeof value.value === 'boolean'
}

function withFlags(block: MappingNode, { engine, controller, namespace, enable, sources = {} }: ValuesOptions): MappingNode {
  const flags: [string, Scalar | undefined, string][] = [
    ['enabled', engine === undefined && enable !== true ? undefined : true, sources.engine ?? '--engine'],
    ['engine', engine, sources.engine ?? '--engine'],
    ['controller', controller, sources.controller ?? '--controller'],
    ['namespace', namespace, sources.namespace ?? '--namespace'],
  ]
  return flags.reduce((result, [key, value, name]) => (value === undefined ? result : mergeValues(result, nested([key], flagNode(name, value)))), block)
}

function flagNode(name: string, value: Scalar): Tree {
  const written = String(value)
  // A flag has no lines: line 0 is not shown.
  return { kind: 'scalar', source: { name, text: written, firstLine: -1 }, start: 0, value, written, quoted: typeof value === 'string' }
}
