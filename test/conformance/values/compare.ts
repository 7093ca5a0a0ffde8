import { pool } from '../harness/pool.ts'
import { at } from '../harness/manifest.ts'
import type { Report } from '../harness/report.ts'
import { below, isSame, shown } from './case.ts'
import type { Case, Verdict } from './case.ts'
import type { Judge, Named } from './helm.ts'
import { ours } from './ours.ts'
import { shrink } from './shrink.ts'

/** Cases in one run of Helm. */
const TOGETHER = 100
/** Cases that are printed as small as they can be, of each sort, and the sorts: every step is a run of Helm. */
const SHRUNK = 2
const SORTS = 4

export interface Compared {
  readonly taken: number
  /** By both. */
  readonly refused: number
  readonly onlyByHelm: number
}

/** Each case as this reads it and as Helm does; what differs is printed, the first few as small as they can be. */
export async function compare(report: Report, cases: readonly Case[], helm: Judge): Promise<Compared> {
  const judged = (
    await pool(await groups(cases), 4, async group => {
      const verdicts = await helm(group)
      return Promise.all(group.map(async (one, index) => ({ given: one.given, said: verdicts[index] ?? unasked, read: await read(one) })))
    })
  ).flat()
  const differing = judged.filter(differs)
  report.pass(judged.length - differing.length)
  const sorts = new Map<string, number>()
  for (const one of differing) {
    const name = sort(one)
    const before = sorts.get(name) ?? 0
    sorts.set(name, before + 1)
    if (before < SHRUNK && sorts.size <= SORTS) report.fail('differs', await describe(one.given, helm))
    else report.failAgain()
  }
  const count = (isOne: (one: Judged) => boolean): number => judged.filter(isOne).length
  return { taken: count(({ said }) => 'values' in said), refused: count(({ read }) => 'refused' in read), onlyByHelm: count(isOnlyByHelm) }
}

interface Judged {
  /** By Helm. */
  readonly said: Verdict
  /** By the code under test. */
  readonly read: Verdict
}

function differs({ said, read }: Judged): boolean {
  return !isSame(said, read) && !isOnlyByHelm({ said, read })
}

/** Helm renders no chart then, so that it does not matter what is read. */
function isOnlyByHelm({ said, read }: Judged): boolean {
  return 'values' in read && 'refused' in said && onlyByHelm.test(said.refused)
}

/** Infinity, what is no number, and half a surrogate pair. */
const onlyByHelm = /unsupported value: (?:[+-]Inf|NaN)$|found invalid Unicode character escape code$/

/** What a case that is made smaller must not lose. */
function sort({ said, read }: Judged): string {
  if ('values' in said && 'values' in read) return 'values'
  return 'refused' in read ? read.refused.replace(/\d+|"[^"]*"/g, '…') : `only by Helm: ${'refused' in said ? said.refused.replace(/^.*: |\d+|"[^"]*"/g, '…') : ''}`
}

const unasked: Verdict = { refused: 'not asked' }

/** Many at a time; alone stays what is refused, since Helm would tell of nothing else then, and what touches more than is below its name. */
async function groups(cases: readonly Case[]): Promise<Named[][]> {
  const fitting: Case[] = []
  const alone: Named[][] = []
  for (const given of cases) {
    const verdict = await ours(below('c', given))
    if ('values' in verdict && Object.keys(Object(verdict.values)).join() === 'c') fitting.push(given)
    else alone.push([{ given, name: undefined }])
  }
  const named = fitting.map((given, index) => ({ given, name: `c${index}` }))
  const together = Array.from({ length: Math.ceil(named.length / TOGETHER) }, (_, index) => named.slice(index * TOGETHER, (index + 1) * TOGETHER))
  return [...together, ...alone]
}

/** The name may stand in a value as well, so that Helm's answer and this must have the same. */
async function read({ given, name }: Named): Promise<Verdict> {
  const verdict = await ours(below(name, given))
  return 'refused' in verdict || name === undefined ? verdict : { values: at(verdict.values, name) }
}

async function describe(given: Case, helm: Judge): Promise<string> {
  const judge = async (one: Case): Promise<Judged> => {
    const alone = { given: one, name: undefined }
    const [said = unasked] = await helm([alone])
    return { said, read: await read(alone) }
  }
  const wanted = sort(await judge(given))
  const small = await shrink(given, async smaller => {
    const judged = await judge(smaller)
    return differs(judged) && sort(judged) === wanted
  })
  const { said, read: found } = await judge(small)
  return `${JSON.stringify(below(undefined, small))}\nhelm: ${shown(said)}\nhere: ${shown(found)}`
}
