import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ownQuestion } from '../../src/check/own/question.ts'
import { prepare } from '../../src/check/prepare.ts'
import type { Prepared } from '../../src/check/prepare.ts'
import type { Named } from '../../src/check/checked.ts'
import { Diagnostics } from '../../src/diagnostics/collect.ts'
import { formatDiagnostics } from '../../src/diagnostics/format.ts'
import { split } from '../../src/stream/split.ts'
import { isImplementation } from '../../src/verdict/registry.ts'
import type { ImplementationName } from '../../src/verdict/registry.ts'

/** A folder of test/cases about what becomes of flows; README.md there says what its files mean. */
export interface DecidedCase {
  readonly name: string
  readonly folder: string
  readonly flows: readonly string[]
  readonly implementations: readonly ImplementationName[]
}

const cases = join(import.meta.dirname, '../cases')

export function decidedCases(): DecidedCase[] {
  return readdirSync(cases)
    .filter(name => existsSync(join(cases, name, 'flows.txt')))
    .map(name => {
      const folder = join(cases, name)
      const implementations = readdirSync(folder).flatMap(file => /^decided\.(\w+)\.txt$/.exec(file)?.[1] ?? [])
      return {
        name,
        folder,
        flows: readFileSync(join(folder, 'flows.txt'), 'utf8').trim().split('\n'),
        implementations: implementations.filter(isImplementation),
      }
    })
}

/** The flows of a case as questions, under one implementation. */
export async function questionsIn(
  { folder, flows }: DecidedCase,
  implementation: ImplementationName,
): Promise<{ prepared: Prepared; named: readonly Named[] }> {
  const told = new Diagnostics({ strict: false, root: 'networkPolicy' })
  const bytes = readFileSync(join(folder, 'input.yaml'))
  const path = join(folder, 'world.yaml')
  const world = existsSync(path) ? { path, text: readFileSync(path, 'utf8') } : undefined
  const streams = [{ name: 'stdin', bytes, segments: split(bytes) }]
  const prepared = await prepare({ streams, world, implementation, namespace: 'release', root: 'networkPolicy' }, told.diagnose)
  if (prepared === undefined) throw new Error(formatDiagnostics(told.all))
  const named = flows.map(text => {
    const question = ownQuestion(text, prepared)
    if ('problem' in question) throw new Error(`${text} ${question.problem}`)
    return question
  })
  return { prepared, named }
}
