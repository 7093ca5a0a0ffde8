import { randomRun } from '../harness/chance.ts'
import type { Part } from '../harness/part.ts'
import { compare } from './compare.ts'
import { Expressions } from './expressions.ts'
import { helmJudge } from './helm.ts'

/** Of about two expressions each; HELM_NETPOL_CASES asks for more. */
const CASES = 2600
const WILD = 0.06

/**
 * Random expressions: what this reads and what Helm 4 renders have to be the same, and what one refuses the other has to.
 * HELM_NETPOL_SEED repeats a run.
 */
export const set: Part = {
  name: 'set',
  about: 'random --set, --set-string and --set-json expressions, read and refused as Helm 4 does',
  async run(report, judges) {
    const { seed, count } = randomRun(CASES)
    const random = new Expressions(seed)
    const cases = Array.from({ length: count }, () => random.case(random.chance(WILD)))
    const expressions = cases.reduce((sum, one) => sum + one.expressions.length, 0)
    const { taken, refused } = await compare(report, cases, helmJudge(judges.path('helm4')))
    report.say(`  ${expressions} expressions in ${count} cases, ${taken} taken and ${refused} refused, HELM_NETPOL_SEED=${seed}`)
  },
}
