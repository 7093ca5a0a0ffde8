import { Lexer, Parser } from 'yaml'
import type { CST } from 'yaml'
import { YamlProblem } from './problem.ts'
import { deepestNesting, placeAt } from './tree.ts'
import type { Source } from './tree.ts'

/**
 * The tokens of a text, as `Parser.parse` of `yaml` makes them, but read as Go's readers read it: every line break of YAML 1.1 ends a
 * line, and control characters are refused. Gives up where it is nested too deep. Throws YamlProblem.
 */
export function* tokens(source: Source): Generator<CST.Token> {
  const stray = control.exec(source.text)
  if (stray !== null) throw problem(source, stray.index, `the character ${codeOf(stray[0])} is not allowed in YAML`)
  const parser = new Parser()
  for (const lexeme of new Lexer().lex(withLineFeeds(source.text))) {
    yield* parser.next(lexeme)
    // The document, then a token for every open list and mapping.
    if (parser.stack.length > deepestNesting + 1) throw problem(source, parser.offset, `it is nested deeper than ${deepestNesting} levels`)
  }
  yield* parser.end()
}

/** The same text, character for character, with line feeds for the line breaks that the parser takes for text (go-yaml, `is_break`). */
export function withLineFeeds(text: string): string {
  return otherBreak.test(text) ? text.replace(new RegExp(otherBreak, 'g'), '\n') : text
}

const otherBreak = /\r(?!\n)|[\x85\u2028\u2029]/
/** All but tabs and line breaks (go-yaml, `yaml_parser_update_buffer`). */
const control = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/

function codeOf(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}

function problem(source: Source, offset: number, message: string): YamlProblem {
  return new YamlProblem([{ place: placeAt(source, offset), message }])
}
