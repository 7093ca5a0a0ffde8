import { parseCommand } from '../cli.ts'
import type { Request } from '../cli.ts'
import type { Diagnose } from '../diagnostics/collect.ts'
import { valuesKind } from '../resources/kinds.ts'
import { valuesVersion } from '../resources/values-document.ts'
import { wrongValues } from '../values/fields.ts'
import { nearest } from '../values/nearest.ts'
import type { RunOptions } from '../run.ts'
import { at, entriesAt, isNull, placeAt, placeOf, textAt } from '../yaml/tree.ts'
import type { Entry, Tree } from '../yaml/tree.ts'

export type FunctionOptions = RunOptions & Pick<Request, 'explicit'>

/** Flags that a ConfigMap can hold: all that are environment variables, but for the report's file. */
const flagKeys = ['values', 'set', 'set-string', 'set-json', 'engine', 'controller', 'namespace', 'root', 'strict'] as const

/**
 * The options with those of the functionConfig: `spec` of a NetworkPolicyValues is values, as in a chart's stream;
 * `data` of a ConfigMap (what kpt makes of `configMap` and of `-- key=value`) is flags. Flags of the command line win.
 */
export function withConfig(options: FunctionOptions, config: Tree | undefined, diagnose: Diagnose): RunOptions {
  if (config === undefined) return options
  const kind = textAt(config, 'kind')
  const apiVersion = textAt(config, 'apiVersion') ?? 'no apiVersion'
  if (kind === valuesKind) return { ...options, files: [...options.files, ...valuesOf(config, apiVersion, diagnose)] }
  if (kind === 'ConfigMap' && apiVersion === 'v1') return withFlags(options, config, diagnose)
  diagnose('NP121', { problem: kind === undefined ? 'is of no kind' : `is of kind ${kind} (${apiVersion})` }, placeOf(config))
  return options
}

function valuesOf(config: Tree, apiVersion: string, diagnose: Diagnose): RunOptions['files'] {
  if (apiVersion !== valuesVersion) diagnose('NP103', { apiVersion }, placeOf(config))
  const tree = at(config, 'spec')
  if (tree === undefined || isNull(tree)) return []
  if (tree.kind === 'mapping') return [{ path: 'functionConfig', tree }]
  wrongValues(tree, 'spec', 'a mapping of values', diagnose)
  return []
}

function withFlags(options: FunctionOptions, config: Tree, diagnose: Diagnose): RunOptions {
  const data = at(config, 'data')
  if (data !== undefined && data.kind !== 'mapping' && !isNull(data)) diagnose('NP121', { problem: 'has data that is no mapping' }, placeOf(data))
  const entries = entriesAt(config, 'data').filter(entry => isKnown(entry, diagnose))
  const given = Object.fromEntries(entries.map(({ key, value }) => [key, textAt(value) ?? '']))
  const command = parseCommand(
    entries.filter(({ key }) => key !== 'values').map(({ key }) => `--${key}=${given[key] ?? ''}`),
    {},
    ':',
  )
  if (command.do === 'refuse') for (const mistake of command.mistakes) diagnose('NP121', { problem: `does not fit: ${mistake}` }, placeOf(config))
  const files = given['values'] === undefined ? [] : [{ path: `functionConfig data.values`, text: given['values'] }]
  return command.do === 'filter' ? merged(options, command.request, files) : options
}

function isKnown({ key, keySource, keyStart, value }: Entry, diagnose: Diagnose): boolean {
  const place = placeAt(keySource, keyStart, `data.${key}`)
  const known = flagKeys.some(flag => flag === key)
  if (!known) diagnose('NP122', { key, nearest: nearest(key, flagKeys), known: flagKeys }, place)
  else if (value.kind !== 'scalar') diagnose('NP121', { problem: `has data.${key} that is no string` }, place)
  return known && value.kind === 'scalar'
}

function merged(options: FunctionOptions, request: Request, files: RunOptions['files']): RunOptions {
  const sets = request.sets.map(({ kind, source }) => ({ kind, source: { ...source, name: `functionConfig data.${kind}` } }))
  return {
    ...options,
    root: options.explicit.includes('root') ? options.root : request.root,
    files: [...options.files, ...files],
    sets: [...sets, ...options.sets],
    engine: options.engine ?? request.engine,
    controller: options.controller ?? request.controller,
    namespace: options.namespace ?? request.namespace,
    strict: options.explicit.includes('strict') ? options.strict : request.strict,
  }
}
