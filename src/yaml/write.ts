import { quoted, visible } from '../visible.ts'
import { isObject } from './json.ts'
import type { Json, JsonObject, Scalar } from './tree.ts'

/** Comments by the list item they stand above, a line each. */
export type Comments = ReadonlyMap<JsonObject, string>

/**
 * Plain data as block YAML that every reader takes the same way, those of YAML 1.1 (Go's) included:
 * whatever is not plainly a word is quoted.
 */
export function writeYaml(json: JsonObject, comments: Comments = new Map()): string {
  return `${inlineOf(json) ?? mapping(json, '', comments).join('\n')}\n`
}

function mapping(object: JsonObject, indent: string, comments: Comments): string[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const head = `${indent}${yamlText(key)}:`
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
  const above = comment === undefined ? [] : [`${indent}# ${visible(comment)}`]
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
  return typeof value === 'string' ? yamlText(value) : String(value)
}

/** A letter first, then nothing that any YAML could take for syntax, a number or a date. */
const word = /^[A-Za-z][A-Za-z0-9_./-]*$/
/** Booleans and nulls of YAML 1.1, as go-yaml reads them; some readers take `e1` for a number. */
const reserved = /^(y|n|yes|no|on|off|true|false|null|nan|inf|e[-+]?\d+)$/i

/** A string as a key or a value. */
export function yamlText(value: string): string {
  return word.test(value) && !reserved.test(value) ? value : quoted(value)
}
