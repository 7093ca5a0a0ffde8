/**
 * Text from outside (the stream, values, names of files, flags) as it may be shown: on one line, and whatever moves a terminal,
 * has no width or turns the direction of what follows stands there as an escape. Done twice it is the same.
 */
export function visible(text: string): string {
  return plain.test(text) ? text : text.replace(unseen, shown)
}

/** The same of a text whose line ends are meant. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n')
}

/** JSON with what it lets stand in a string and a terminal obeys in JSON's own escapes: the data are the same. */
export function visibleJson(json: string): string {
  return json.replace(unseen, found => (found === '\n' ? found : inUnits(found)))
}

/** As a string in double quotes, which readers of JSON and of any YAML take alike. */
export function quoted(text: string): string {
  const json = JSON.stringify(text)
  // YAML knows no pairs of escapes for one character.
  return plain.test(json) ? json : json.replace(unseen, found => (found.length === 1 ? inUnits(found) : `\\U${hex(found, 8)}`))
}

/** What most texts are; the classes below cost start-up time. */
const plain = /^[ -~]*$/

/** Control and format characters, line and paragraph separators, what is ignorable by default, and what is no character at all. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu

function shown(character: string): string {
  return short.get(character) ?? (character.length === 1 ? inUnits(character) : `\\u{${hex(character, 0)}}`)
}

const short: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

function inUnits(character: string): string {
  return character
    .split('')
    .map(unit => `\\u${hex(unit, 4)}`)
    .join('')
}

function hex(character: string, digits: number): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(digits, '0')
}
