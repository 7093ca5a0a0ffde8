import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { repository } from './helpers/program.ts'

/** A list that is spread into the arguments of a call overflows the stack at some 120,000 items, and streams have more. */

/** Lists that no input makes long. */
const short: Readonly<Record<string, string>> = {
  at: 'the path to a field stands in the sources, or is one of the values',
  textAt: 'the same',
  itemsAt: 'the same',
  entriesAt: 'the same',
  differ: 'two of them',
  read: 'what a policy is read with beside itself: a namespace and names',
  wordsOf: 'the same',
}

/** `what(…, ...list)`: the words before the bracket. A rest of parameters has a type behind its name, and is none. */
function spreads(text: string): string[] {
  const code = text.replace(/^\s*(?:\/?\*|\/\/).*$/gm, '')
  return [...code.matchAll(/\.\.\.(?=[\w[(])(?!\w+(?:\??:|\) =>))/g)].flatMap(({ index }) => {
    const open = openedBefore(code, index)
    return code[open] === '(' ? [/[\w.]*$/.exec(code.slice(0, open))?.[0] ?? ''] : []
  })
}

/** The bracket that is open at an offset; -1 for none. */
function openedBefore(code: string, offset: number): number {
  let closed = 0
  for (let at = offset - 1; at >= 0; at--) {
    const character = code.charAt(at)
    if (')]}'.includes(character)) closed++
    else if ('([{'.includes(character) && closed-- === 0) return at
  }
  return -1
}

test('spread arguments are told from lists, objects and parameters', () => {
  assert.equal(spreads('list.push(...more)\nMath.max(0, ...of(list, [1])\n  .map(f))'), ['list.push', 'Math.max'])
  assert.equal(spreads('f([...list], { ...object })\nfunction f(...rest: string[]) {}\n// push(...list)\n'), [])
})

test('no list of unknown length is spread into the arguments of a call', () => {
  const sources = readdirSync(join(repository, 'src'), { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
  const found = sources.flatMap(name => spreads(readFileSync(join(repository, 'src', name), 'utf8')).map(callee => ({ name, callee })))
  assert.equal(
    found.filter(({ callee }) => !Object.hasOwn(short, callee)),
    [],
  )
  const unused = Object.keys(short).filter(callee => !found.some(each => each.callee === callee))
  assert.equal(unused, [])
})

test.run()
