import { quoted } from '../visible.ts'
import type { Tree } from '../yaml/tree.ts'

/** A tree as block YAML: strings quoted, numbers as they were written, so that none loses a digit. */
export function writeBlock(tree: Tree): string {
  return `${lines(tree).join('\n')}\n`
}

function lines(tree: Tree): string[] {
  const inline = inlineOf(tree)
  if (inline !== undefined) return [inline]
  if (tree.kind === 'sequence') return tree.items.flatMap(item => under('- ', '  ', lines(item)))
  if (tree.kind === 'scalar') return []
  return [...tree.entries.values()].flatMap(({ key, value }) => {
    const name = /^[A-Za-z]+$/.test(key) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(key) ? key : quoted(key)
    const text = inlineOf(value)
    return text === undefined ? [`${name}:`, ...lines(value).map(line => (value.kind === 'sequence' ? line : `  ${line}`))] : [`${name}: ${text}`]
  })
}

function under(first: string, rest: string, texts: readonly string[]): string[] {
  return texts.map((text, index) => `${index === 0 ? first : rest}${text}`)
}

/** Scalars and empty collections. */
function inlineOf(tree: Tree): string | undefined {
  if (tree.kind === 'sequence') return tree.items.length === 0 ? '[]' : undefined
  if (tree.kind === 'mapping') return tree.entries.size === 0 ? '{}' : undefined
  if (typeof tree.value === 'string') return quoted(tree.value)
  return tree.written === '' ? 'null' : tree.written
}

/** JSON without the characters that YAML's readers refuse, or take for line breaks. */
export function escaped(json: string): string {
  return json.replace(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g, escape)
}

function escape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
