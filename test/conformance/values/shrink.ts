import type { Case } from './case.ts'

/** Leaves out files, expressions, lines and characters for as long as the case still differs. */
export async function shrink(given: Case, differs: (smaller: Case) => Promise<boolean>): Promise<Case> {
  for (const smaller of smallerCases(given)) if (await differs(smaller)) return shrink(smaller, differs)
  return given
}

function smallerCases({ files, expressions }: Case): Case[] {
  return [
    ...fewer(files, text => fewerLines(text)).map(left => ({ files: left, expressions })),
    ...fewer(expressions, ({ kind, text }) => fewerCharacters(text).map(left => ({ kind, text: left }))).map(left => ({ files, expressions: left })),
  ]
}

/** One left out, else one made smaller. */
function fewer<T>(all: readonly T[], smaller: (one: T) => readonly T[]): T[][] {
  return [...all.map((_, index) => all.toSpliced(index, 1)), ...all.flatMap((one, index) => smaller(one).map(left => all.with(index, left)))]
}

function fewerLines(text: string): string[] {
  const lines = text.split(/(?<=\n)/)
  return lines.length < 2 ? [] : lines.map((_, index) => lines.toSpliced(index, 1).join(''))
}

function fewerCharacters(text: string): string[] {
  const characters = [...text]
  return characters.map((_, index) => characters.toSpliced(index, 1).join(''))
}
