import type { Chance } from '../../test/conformance/harness/chance.ts'
import { documents } from '../../test/helpers/text.ts'
import { keys, pieces, scalars } from './words.ts'

type Mutation = (text: string, other: string, chance: Chance) => string

/** Changes a text in one place; one character a byte. */
export function mutateText(text: string, other: string, chance: Chance): string {
  return chance.pick(mutations)(text, other, chance)
}

const flip: Mutation = (text, _, chance) => {
  const at = chance.below(text.length + 1)
  const code = text.charCodeAt(at) ^ (1 << chance.below(8))
  return at === text.length ? text : text.slice(0, at) + String.fromCharCode(code & 0xff) + text.slice(at + 1)
}

const byte: Mutation = (text, _, chance) => {
  const at = chance.below(text.length + 1)
  return text.slice(0, at) + String.fromCharCode(chance.below(256)) + text.slice(at + chance.below(2))
}

const piece: Mutation = (text, _, chance) => {
  const at = chance.below(text.length + 1)
  return text.slice(0, at) + chance.pick(pieces) + text.slice(at + chance.pick([0, 0, 1, 4]))
}

const deletion: Mutation = (text, _, chance) => {
  const at = chance.below(text.length + 1)
  return text.slice(0, at) + text.slice(at + 1 + chance.below(30))
}

const cut: Mutation = (text, _, chance) => text.slice(0, chance.below(text.length + 1))

const splice: Mutation = (text, other, chance) => {
  const [at, from] = [chance.below(text.length + 1), chance.below(other.length + 1)]
  return text.slice(0, at) + other.slice(from, from + 1 + chance.below(200)) + text.slice(at)
}

/** A word, a number or a quoted text gives way to another. */
const word: Mutation = (text, _, chance) => {
  const found = [...text.matchAll(/[\w./:*-]+|"[^"\n]*"|'[^'\n]*'/g)]
  const match = found[chance.below(found.length)]
  if (match === undefined) return text
  const plain = Buffer.from(chance.chance(0.3) ? chance.pick(keys) : chance.pick(scalars)).toString('latin1')
  const put = chance.chance(0.3) ? JSON.stringify(plain) : plain
  return text.slice(0, match.index) + put + text.slice(match.index + match[0].length)
}

const lineMutations: readonly ((lines: string[], at: number, chance: Chance) => string[])[] = [
  (lines, at) => [...lines.slice(0, at), ...lines.slice(at + 1)],
  (lines, at) => [...lines.slice(0, at), lines[at] ?? '', ...lines.slice(at)],
  (lines, at, chance) => [...lines.slice(0, at), ...lines.slice(at + 1 + chance.below(5))],
  (lines, at, chance) => {
    const to = chance.below(lines.length)
    return lines.map((line, index) => (index === at ? (lines[to] ?? '') : index === to ? (lines[at] ?? '') : line))
  },
  (lines, at, chance) => {
    const [count, pad] = [1 + chance.below(6), ' '.repeat(1 + chance.below(4))]
    const out = chance.chance(0.5)
    const shift = (line: string): string => (out ? line.replace(new RegExp(`^ {0,${pad.length}}`), '') : pad + line)
    return lines.map((line, index) => (index >= at && index < at + count ? shift(line) : line))
  },
  (lines, at, chance) => {
    const count = 1 + chance.below(8)
    const block = lines.slice(at, at + count)
    const rest = [...lines.slice(0, at), ...lines.slice(at + count)]
    const to = chance.below(rest.length + 1)
    return [...rest.slice(0, to), ...block, ...rest.slice(to)]
  },
  (lines, at, chance) => lines.map((line, index) => (index === at ? `${line} # ${chance.pick(pieces)}` : line)),
]

const line: Mutation = (text, _, chance) => {
  const lines = text.split('\n')
  return chance.pick(lineMutations)(lines, chance.below(lines.length), chance).join('\n')
}

const ends: Mutation = (text, _, chance) => {
  const end = chance.pick(['\n', '\r\n', '\r', '\n\n', '\xc2\x85', '\xe2\x80\xa8', ''])
  if (chance.chance(0.3)) return text.replace(/\r?\n/g, end)
  const found = [...text.matchAll(/\r?\n/g)]
  const match = found[chance.below(found.length)]
  return match === undefined ? text : text.slice(0, match.index) + end + text.slice(match.index + match[0].length)
}

const document: Mutation = (text, other, chance) => {
  const [own, others] = [documents(text), documents(other)]
  const at = chance.below(own.length + 1)
  return chance
    .pick([
      () => [...own.slice(0, at), ...own.slice(at + 1)],
      () => [...own.slice(0, at), own[at] ?? '', ...own.slice(at)],
      () => [...own.slice(0, at), chance.pick(['', '---\n', '...\n', '--- ']), others[chance.below(others.length)] ?? '', ...own.slice(at)],
      () => [...own].reverse(),
      () => own.map((part, index) => (index === at ? part.replace(/^---\r?\n/, '') : part)),
    ])()
    .join('')
}

const repeat: Mutation = (text, _, chance) => {
  const at = chance.below(text.length + 1)
  return text.slice(0, at) + text.slice(at, at + 1 + chance.below(20)).repeat(chance.pick([2, 10, 500])) + text.slice(at)
}

const mutations: readonly Mutation[] = [flip, byte, piece, piece, deletion, cut, splice, word, word, word, line, line, line, ends, document, document, repeat]
