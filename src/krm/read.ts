import { isUtf8 } from 'node:buffer'
import type { Diagnose } from '../diagnostics/collect.ts'
import { YamlProblem } from '../yaml/problem.ts'
import { readYaml } from '../yaml/read.ts'
import { at, itemsAt, isNull, placeOf, textAt } from '../yaml/tree.ts'
import type { Source, Tree } from '../yaml/tree.ts'
import { escaped, writeBlock } from './block.ts'
import { cutItems, cutNone } from './cut.ts'
import type { Cut } from './cut.ts'

/** What a function gets on stdin (KRM Functions Specification, `config.kubernetes.io`). */
export interface ResourceList extends Cut {
  readonly functionConfig: Tree | undefined
  /** Lines are those of stdin; false where it came as JSON and was written anew. */
  readonly placed: boolean
}

/** What places outside the items are named by. */
export const listSource = 'ResourceList on stdin'

const versions = ['v1', 'v1beta1', 'v1alpha1'] as const

/** Undefined where it cannot be read, which is told. Items stay unread. */
export async function readResourceList(stream: Buffer, diagnose: Diagnose): Promise<ResourceList | undefined> {
  if (!isUtf8(stream)) {
    diagnose('NP120', { problem: 'is not valid UTF-8' })
    return undefined
  }
  const given = stream.toString().replace(/^\ufeff/, '')
  const text = isJson(given) ? escaped(given) : given
  const cut = cutItems(text)
  const skeleton = cut === undefined ? text : withoutItems(cut)
  const tree = await readOne({ name: listSource, text: skeleton, firstLine: 0 }, diagnose)
  if (tree === undefined || !isWellFormed(tree, diagnose)) return undefined
  const found = at(tree, 'functionConfig')
  const functionConfig = found === undefined || isNull(found) ? undefined : found
  const whole = cut ?? (itemsAt(tree, 'items').length === 0 ? cutNone(text) : undefined)
  if (whole !== undefined) return { ...whole, functionConfig, placed: true }
  const rewritten = isJson(text) ? inBlocks(tree) : undefined
  if (rewritten !== undefined) return { ...rewritten, functionConfig, placed: false }
  diagnose('NP120', { problem: style }, placeOf(tree))
  return undefined
}

const style =
  'is in a style that cannot be kept as it is: write JSON, or YAML with items: alone on its line, each item below it with a dash, keys at the margin unquoted, and no %YAML line, tag or anchor beside items'

/** Of JSON alone it is known what every scalar is to every reader. */
function inBlocks(tree: Tree): Cut | undefined {
  const block = writeBlock(tree)
  return cutItems(block) ?? cutNone(block)
}

function isJson(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** All but the items, every line where it was. */
function withoutItems({ before, items, after }: Cut): string {
  const lines = items.reduce((count, { text }) => count + (text.match(/\n/g)?.length ?? 0), 0)
  return `${before}${'\n'.repeat(lines)}${after}`
}

async function readOne(source: Source, diagnose: Diagnose): Promise<Tree | undefined> {
  try {
    const [tree, another] = await readYaml(source, { uniqueKeys: true })
    if (another !== undefined) diagnose('NP120', { problem: 'is followed by another document, and must be alone' }, placeOf(another))
    if (tree?.kind === 'mapping') return another === undefined ? tree : undefined
    diagnose('NP120', { problem: 'is no mapping' })
  } catch (problem) {
    if (!(problem instanceof YamlProblem)) throw problem
    for (const { place, message } of problem.mistakes) diagnose('NP120', { problem: `is no valid YAML: ${message}` }, place)
  }
  return undefined
}

function isWellFormed(tree: Tree, diagnose: Diagnose): boolean {
  const place = placeOf(tree)
  const apiVersion = textAt(tree, 'apiVersion') ?? ''
  const items = at(tree, 'items')
  const problems = [
    ...(textAt(tree, 'kind') === 'ResourceList' ? [] : ['has another kind']),
    ...(versions.some(version => apiVersion === `config.kubernetes.io/${version}`)
      ? []
      : [`has apiVersion ${apiVersion === '' ? '(none)' : apiVersion}; known are ${versions.map(version => `config.kubernetes.io/${version}`).join(', ')}`]),
    ...(items === undefined || isNull(items) || items.kind === 'sequence' ? [] : ['has items that are no list']),
  ]
  for (const problem of problems) diagnose('NP120', { problem }, place)
  return problems.length === 0
}
