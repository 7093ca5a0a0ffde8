import type { Container } from '../discover/containers.ts'
import type { Place, Tree } from '../yaml/tree.ts'
import { entriesAt } from '../yaml/tree.ts'

/** A text of the stream that may name a destination. */
export interface Setting {
  readonly kind: 'flag' | 'variable' | 'key'
  /** The flag (empty for an argument that is a URL alone), the variable, or the path in a configuration file: `exporters.otlp.endpoint`. */
  readonly name: string
  /** Undefined where only the cluster knows it: a Secret, a ConfigMap that the stream does not hold. */
  readonly text: string | undefined
  /** Undefined for a file, which any of them may read. */
  readonly container: string | undefined
  /** In words, around what of the text can be shown: `--name`, `=`; `path`, `: `, ` in app.yaml`. */
  readonly label: string
  readonly joint: '=' | ': ' | ' '
  readonly rest: string
  readonly place: Place
}

/** The flags and variables of a container, in the order of the stream. */
export function settingsOf({ name: container, arguments: words, operands, variables }: Container): Setting[] {
  const common = { container, joint: '=', rest: '' } as const
  const flags = words.map(({ flag, written, value, place }): Setting => ({ ...common, kind: 'flag', name: flag, text: value, label: written, place }))
  const urls = operands.filter(({ text }) => text.includes('://'))
  const bare = urls.map(({ text, place }): Setting => ({ ...common, kind: 'flag', name: '', text, label: 'argument', joint: ' ', place }))
  const named = variables.map(({ name, value, what, place }): Setting => ({ ...common, kind: 'variable', name, text: value, label: what, place }))
  return [...flags, ...bare, ...named].filter(isReadable)
}

/** The leaves of a configuration file that a ConfigMap holds. */
export function settingsIn(tree: Tree, file: string, place: Place, path: readonly string[] = []): Setting[] {
  if (tree.kind === 'sequence') return tree.items.flatMap((item, index) => settingsIn(item, file, place, [...path, String(index)]))
  if (tree.kind === 'mapping') return entriesAt(tree).flatMap(({ key, value }) => settingsIn(value, file, place, [...path, key]))
  return typeof tree.value === 'string' ? [ofFile(path.join('.'), tree.value, file, place)].filter(isReadable) : []
}

/** The lines of a file of `KEY=value` or `key = value`. */
export function settingsInLines(text: string, file: string, place: Place): Setting[] {
  return text.split('\n').flatMap(line => {
    const [, name, value = ''] = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(\S.*)$/.exec(line.slice(0, longest)) ?? []
    return name === undefined ? [] : [ofFile(name, value.trim().replace(/^(["'])(.*)\1$/, '$2'), file, place)]
  })
}

function ofFile(name: string, text: string, file: string, place: Place): Setting {
  return { kind: 'key', name, text, container: undefined, label: name, joint: ': ', rest: ` in ${file}`, place }
}

function isReadable({ text }: Setting): boolean {
  return text === undefined || text.length <= longest
}

/** Longer texts are scripts and certificates. */
const longest = 2000
