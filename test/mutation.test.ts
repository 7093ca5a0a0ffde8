import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { explain, readExplanations } from '../scripts/mutation/explained.ts'
import type { Mutant } from '../scripts/mutation/instrument.ts'
import { Planner } from '../scripts/mutation/planner.ts'
import { survivorLine, table } from '../scripts/mutation/report.ts'
import type { Judged } from '../scripts/mutation/report.ts'
import { cut, replaced } from '../scripts/mutation/source.ts'
import { repository } from './helpers/program.ts'

/** What `npm run mutation` makes of what it found; that it finds anything is seen when it runs. */

const text = 'const a = 1\n  if (a === 1 &&\n    b) stop()\n'
const texts = new Map([['src/x.ts', text]])

function mutant(id: string, range: Mutant['range'], replacement: string): Mutant {
  return { id, file: 'src/x.ts', range, mutator: 'ConditionalExpression', original: cut(text, range), replacement }
}

const one = mutant('1', { start: { line: 2, column: 7 }, end: { line: 2, column: 14 } }, 'false')
const both = mutant('2', { start: { line: 2, column: 7 }, end: { line: 3, column: 6 } }, 'true')

test('what stands at a range is cut out and replaced, over lines as well', () => {
  assert.is(one.original, 'a === 1')
  assert.is(both.original, 'a === 1 &&\n    b')
  assert.is(replaced(text, both.range, '(true)'), 'const a = 1\n  if ((true)) stop()\n')
})

test('a survivor is explained by the text of its line and its change', () => {
  const yaml = '- {file: src/x.ts, line: "if (a === 1 &&", changes: ["a === 1 → false"], reason: "b is never without it"}\n'
  const { reasons, stale } = explain([one, both], texts, readExplanations(yaml))
  assert.equal([...reasons], [[one, 'b is never without it']])
  assert.equal(stale, [])
})

test('an explanation that no survivor meets is stale, but not where its file was left out', () => {
  const entry = (file: string, change: string): string => `- {file: ${file}, line: "if (a === 1 &&", changes: ["${change}"], reason: why}\n`
  assert.equal(explain([one], texts, readExplanations(entry('src/x.ts', 'a === 1 → true'))).stale, ['src/x.ts: if (a === 1 &&: a === 1 → true'])
  assert.equal(explain([one], texts, readExplanations(entry('src/y.ts', 'a === 1 → true'))).stale, [])
  assert.equal(explain([], texts, readExplanations(entry('src/x.ts', 'a === 1 → false'))).stale.length, 1)
})

test('an explanation without one of its parts is refused', () => {
  for (const part of ['file: src/x.ts', 'line: x', 'changes: [x → y]', 'reason: why']) {
    const rest = ['file: src/x.ts', 'line: x', 'changes: [x → y]', 'reason: why'].filter(other => other !== part)
    assert.throws(() => readExplanations(`- {${rest.join(', ')}}\n`), /file, line, changes and reason are needed/, part)
  }
})

test('every explanation is of a file and a line that exist', () => {
  for (const { file, line } of readExplanations(readFileSync(join(repository, 'scripts/mutation/explained.yaml'), 'utf8'))) {
    assert.ok(existsSync(join(repository, file)), file)
    const lines = readFileSync(join(repository, file), 'utf8').split('\n')
    assert.ok(
      lines.some(candidate => candidate.trim() === line),
      `${file}: ${line}`,
    )
  }
})

test('the score is of the mutants that compile, and counts those that are explained as standing', () => {
  const judged: Judged[] = [
    { mutant: one, verdict: { is: 'survived' } },
    { mutant: both, verdict: { is: 'killed', by: 'a test' } },
    { mutant: { ...one, id: '3' }, verdict: { is: 'refused' } },
    { mutant: { ...one, id: '4' }, verdict: { is: 'uncovered' } },
    { mutant: { ...one, id: '5' }, verdict: { is: 'endless' } },
  ]
  const [, row = ''] = table(['src'], judged, { reasons: new Map([[one, 'why']]), stale: [] }).split('\n')
  assert.equal(row.trim().split(/ {2,}/), ['src', '5', '1', '1', '1', '1', '1', '50.0 %'])
  assert.equal(judged.slice(3, 4).map(survivorLine), ['src/x.ts:2:7  a === 1 → false  (no test comes here)'])
})

test('a mutant is tried with the tests that come across it, first the ones that found others in its file', () => {
  const surveyed = (id: string, counts: Readonly<Record<string, number>>) => ({ id, milliseconds: 1, counts, outcome: 'passed' as const })
  const tests = [
    surveyed('broad', { 1: 2, 2: 1, 9: 1 }),
    surveyed('apart', {}),
    surveyed('narrow', { 1: 1 }),
    { ...surveyed('edge', { 1: 1 }), outcome: 'aside' as const },
  ]
  const planner = new Planner({ loading: { 2: 1 }, tests }, [one, both])
  assert.equal(planner.plan(one).tests, ['narrow', 'broad'])
  assert.is(planner.plan(one).loading, false)
  assert.equal(planner.plan(both).tests, ['broad', 'narrow', 'apart'])
  assert.is(planner.plan(both).loading, true)
  planner.remember(both, 'broad')
  assert.equal(planner.plan(one).tests, ['broad', 'narrow'])
})

test('a mutant is tried no longer than asked: with the first test, and with what fits in after it', () => {
  const surveyed = (id: string, milliseconds: number, ...more: readonly string[]) => ({
    id,
    milliseconds,
    counts: Object.fromEntries([one.id, ...more].map(mutant => [mutant, 1])),
    outcome: 'passed' as const,
  })
  const tests = [
    surveyed('first', 50),
    surveyed('long', 60, '2'),
    surveyed('short', 10, ...Array.from({ length: 9 }, (_, other) => `of another file ${other}`)),
  ]
  const chosen = (most?: number): readonly string[] => new Planner({ loading: {}, tests }, [one, both], most).plan(one).tests
  assert.equal(chosen(), ['first', 'long', 'short'])
  assert.equal(chosen(60), ['first', 'short'])
  assert.equal(chosen(5), ['first'])
})

test.run()
