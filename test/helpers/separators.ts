import { Parser } from 'yaml'

/** Where the separator lines of a text begin, by the words of YAML 1.2.2, 9.1.2. */
export function separatorsIn(text: string): number[] {
  return [...text.matchAll(/(?:^|(?<=\n))---(?=[ \t\r\n]|$)/g)].map(({ index }) => index)
}

/** Byte offsets of the separators that the parser of `yaml` sees. */
export function parserSeparators(text: string): number[] {
  const starts = [...new Parser().parse(text)].flatMap(token => (token.type === 'document' ? token.start : []))
  return starts.filter(({ type }) => type === 'doc-start').map(({ offset }) => Buffer.byteLength(text.slice(0, offset)))
}
