import { isObject } from './json.ts'
import type { Json, JsonObject, Scalar } from './tree.ts'

/** Comments by the list item they stand above; one string a line. */
export type Comments = ReadonlyMap<JsonObject, string>

/**
 * Plain data as block YAML that every reader takes the same way, those of YAML 1.1 (Go's) included:
 * whatever is not plainly a word is quoted, and quoted as JSON does, which YAML reads alike.
 */
export function writeYaml(json: JsonObject, comments: Comments = new Map()): string {
  return `${inlineOf(json) ?? mapping(json, '', comments).join('\n')}\n`
}

function mapping(object: JsonObject, indent: string, comments: Comments): string[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const head = `${indent}${text(key)}:`
    const inline = inlineOf(value)
    if (inline !== undefined) return [`${head} ${inline}`]
    return [head, ...block(value, `${indent}  `, comments)]
  })
}

function block(value: Json, indent: string, comments: Comments): string[] {
  if (Array.isArray(value)) return value.flatMap(item => listItem(item, indent, comments))
  return isObject(value) ? mapping(value, indent, comments) : []
}

function listItem(item: Json, indent: string, comments: Comments): string[] {
  const comment = isObject(item) ? comments.get(item) : undefined
  const above = comment === undefined ? [] : comment.split('\n').map(line => `${indent}# ${printable(line)}`)
  const inline = inlineOf(item)
  if (inline !== undefined) return [...above, `${indent}- ${inline}`]
  const [first = '', ...rest] = block(item, `${indent}  `, comments)
  return [...above, `${indent}- ${first.trimStart()}`, ...rest]
}

/** What fits behind a key: scalars and empty collections. */
function inlineOf(value: Json): string | undefined {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : undefined
  if (isObject(value)) return Object.keys(value).length === 0 ? '{}' : undefined
  return scalar(value)
}

function scalar(value: Scalar): string {
  return typeof value === 'string' ? text(value) : String(value)
}

/** A letter first, then nothing that any YAML could take for syntax, a number or a date. */
const word = /^[A-Za-z][A-Za-z0-9_./-]*$/
/** Booleans and nulls of YAML 1.1, as go-yaml reads them; some readers take `e1` for a number. */
const reserved = /^(y|n|yes|no|on|off|true|false|null|nan|inf|e[-+]?\d+)$/i

function text(value: string): string {
  return word.test(value) && !reserved.test(value) ? value : quoted(value)
}

/** JSON's form, with the characters escaped that YAML forbids, Go's reader trips over, or that turn the text around on a screen. */
function quoted(value: string): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A comment's line, without what would end it, what YAML forbids in a stream, and what turns text around. */
export function printable(line: string): string {
  return line.replace(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\p{Cs}]/gu, '?')
}
