import { randomRun } from '../harness/chance.ts'
import type { Part } from '../harness/part.ts'
import { compare } from './compare.ts'
import { Expressions } from './expressions.ts'
import { helmJudge } from './helm.ts'
import { suite } from './suite.ts'
import { Texts } from './texts.ts'

/** HELM_NETPOL_CASES asks for more. */
const CASES = 800

/** Random values files, one over the other, and now and then expressions over them: what comes out has to be what Helm 4 hands to a chart. HELM_NETPOL_SEED repeats a run. */
export const values: Part = {
  name: 'values',
  about: 'random values files, merged as Helm 4 merges them',
  async run(report, judges) {
    const { seed, count } = randomRun(CASES)
    const [texts, expressions] = [new Texts(seed), new Expressions(seed)]
    const cases = Array.from({ length: count }, () => ({
      files: texts.times(1, 4, () => texts.file()),
      expressions: texts.chance(0.3) ? expressions.case(false).expressions : [],
    }))
    const merges = cases.reduce((sum, { files }) => sum + files.length, 0)
    const { taken, refused, onlyByHelm } = await compare(report, cases, helmJudge(judges.path('helm4')))
    report.say(`  ${merges} files in ${count} cases, ${taken} taken, ${refused} refused and ${onlyByHelm} refused by Helm alone, HELM_NETPOL_SEED=${seed}`)
    await suite(report, judges.path('helm4'))
  },
}
