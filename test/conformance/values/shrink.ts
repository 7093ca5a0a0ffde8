import type { Case } from './case.ts'

/** Runs of Helm that are spent on one case. */
const TRIES = 150

/** Leaves out files, expressions, lines and characters, many at once and then fewer, for as long as the case still differs. */
export async function shrink(given: Case, differs: (smaller: Case) => Promise<boolean>): Promise<Case> {
  let [best, tries] = [given, 0]
  for (let found = true; found;) {
    found = false
    for (const smaller of smallerCases(best)) {
      if (++tries > TRIES) return best
      if (!(await differs(smaller))) continue
      best = smaller
      found = true
      break
    }
  }
  return best
}

function smallerCases({ files, expressions }: Case): Case[] {
  const fewerFiles = [...fewer(files), ...within(files, text => fewer(text.split(/(?<=\n)/)).map(lines => lines.join('')))]
  const fewerExpressions = [...fewer(expressions), ...within(expressions, ({ kind, text }) => fewer([...text]).map(characters => ({ kind, text: characters.join('') })))]
  return [...fewerFiles.map(left => ({ files: left, expressions })), ...fewerExpressions.map(left => ({ files, expressions: left }))]
}

/** With one of the items made smaller. */
function within<T>(all: readonly T[], smaller: (one: T) => readonly T[]): T[][] {
  return all.flatMap((one, index) => smaller(one).map(left => all.with(index, left)))
}

/** Without one half, one quarter, … and without one item. */
function fewer<T>(all: readonly T[]): T[][] {
  const left: T[][] = []
  for (let size = all.length >> 1 || all.length; size >= 1; size >>= 1) {
    for (let at = 0; at < all.length; at += size) left.push(all.toSpliced(at, size))
  }
  return left
}
