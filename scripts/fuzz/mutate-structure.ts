import { isUtf8 } from 'node:buffer'
import { parseDocument, stringify } from 'yaml'
import type { Chance } from '../../test/conformance/harness/chance.ts'
import { documents } from '../../test/helpers/text.ts'
import { keys, scalars } from './words.ts'

/** Parses one document, changes its data in one place, and writes it in some style; as it was where it cannot be parsed. */
export function mutateStructure(bytes: Buffer, other: Buffer, chance: Chance): Buffer {
  const own = documents(bytes.toString('latin1'))
  const at = chance.below(own.length)
  const data = parsed(own[at] ?? '')
  if (data === undefined) return bytes
  const lent = parsed(chance.pick([...documents(other.toString('latin1')), '']))
  const changed = change(data, lent, chance)
  const separator = /^---[ \t\r\n]/.test(own[at] ?? '') ? '---\n' : ''
  const text = Buffer.from(`${separator}${written(changed, chance)}`).toString('latin1')
  return Buffer.from(own.map((document, index) => (index === at ? text : document)).join(''), 'latin1')
}

type Data = unknown

function parsed(text: string): Data {
  const bytes = Buffer.from(text, 'latin1')
  if (!isUtf8(bytes)) return undefined
  try {
    const document = parseDocument(bytes.toString(), { logLevel: 'silent', uniqueKeys: false })
    return document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 })
  } catch {
    return undefined
  }
}

/** Every node with the way to put another in its place. */
interface Node {
  readonly value: Data
  readonly put: (value: Data) => void
  readonly remove: () => void
}

function change(data: Data, lent: Data, chance: Chance): Data {
  const holder = { data }
  const nodes = [...nodesOf(holder)]
  const node = chance.pick(nodes)
  const others = lent === undefined ? nodes : [...nodesOf({ lent })]
  const donor = (): Data => structuredClone(chance.pick(others).value)
  chance.pick<() => void>([
    () => node.remove(),
    () => node.put(chance.pick(scalars)),
    () => node.put(number(chance.pick(scalars))),
    () => node.put(donor()),
    () => node.put([node.value]),
    () => node.put([node.value, donor()]),
    () => node.put({ [chance.pick(keys)]: node.value }),
    () => node.put(chance.pick([null, [], {}, '', 0, true])),
    () => node.put(grown(node.value, donor(), chance)),
    () => node.put(grown(node.value, chance.pick(scalars), chance)),
    () => node.put(renamed(node.value, chance)),
    () => node.put(deep(node.value, chance)),
  ])()
  return holder.data
}

function* nodesOf(holder: object): Generator<Node> {
  for (const [key, value] of Object.entries(holder)) {
    yield {
      value,
      put: other => void Object.defineProperty(holder, key, { value: other, configurable: true, enumerable: true, writable: true }),
      remove: () => void (Array.isArray(holder) ? holder.splice(Number(key), 1) : Reflect.deleteProperty(holder, key)),
    }
    if (typeof value === 'object' && value !== null) yield* nodesOf(value)
  }
}

function grown(value: Data, more: Data, chance: Chance): Data {
  if (Array.isArray(value)) return chance.chance(0.5) ? [...value, more] : [more, ...value]
  if (typeof value === 'object' && value !== null) return Object.fromEntries([...Object.entries(value), [chance.pick(keys), more]])
  return more
}

function renamed(value: Data, chance: Chance): Data {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value)
  const at = chance.below(entries.length)
  return Object.fromEntries(entries.map(([key, inner], index) => [index === at ? chance.pick([...keys, ...scalars]) : key, inner]))
}

function deep(value: Data, chance: Chance): Data {
  const [levels, list] = [chance.pick([20, 200, 1100]), chance.chance(0.5)]
  let nested = value
  for (let level = 0; level < levels; level++) nested = list ? [nested] : { a: nested }
  return nested
}

function number(text: string): Data {
  return Number.isNaN(Number(text)) ? text : Number(text)
}

function written(data: Data, chance: Chance): string {
  if (chance.chance(0.15)) return `${JSON.stringify(data)}\n`
  try {
    return stringify(data, {
      indent: chance.pick([2, 2, 2, 1, 4]),
      indentSeq: chance.chance(0.5),
      lineWidth: chance.pick([0, 80, 20]),
      collectionStyle: chance.pick(['any', 'any', 'block', 'flow']),
      defaultStringType: chance.pick(['PLAIN', 'PLAIN', 'PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED']),
      defaultKeyType: chance.pick([null, null, 'PLAIN', 'QUOTE_DOUBLE']),
      nullStr: chance.pick(['null', '~', '']),
      aliasDuplicateObjects: chance.chance(0.5),
      version: chance.pick(['1.1', '1.2']),
    })
  } catch {
    // Nested too deep for the writer.
    return `${JSON.stringify(data)}\n`
  }
}
