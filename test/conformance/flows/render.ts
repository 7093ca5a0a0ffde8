import { postRender } from '../harness/postrender.ts'
import { pool } from '../harness/pool.ts'
import type { Scenario } from './model.ts'

export interface Rendered {
  scenario: Scenario
  original: string
  output: string
  code: number
  said: string
}

export const valuesOf = ({ chart, block }: Scenario): object => ({ ...chart, networkPolicy: block })

const done = new Map<string, Promise<Rendered>>()

/** A scenario through the bundle; remembered, as several parts look at the same output. */
export function render(scenario: Scenario): Promise<Rendered> {
  let result = done.get(scenario.id)
  if (result === undefined) {
    result = scenario.subject.stream().then(async original => {
      const ran = await postRender(original, valuesOf(scenario))
      return { scenario, original, output: ran.stdout, code: ran.code, said: ran.stderr }
    })
    done.set(scenario.id, result)
  }
  return result
}

export const renderAll = (all: readonly Scenario[]): Promise<Rendered[]> => pool(all, 2, render)
