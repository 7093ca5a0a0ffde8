import { suiteCases } from '../../helpers/yaml-suite.ts'
import { readFully } from '../../../src/yaml/full.ts'
import { YamlProblem } from '../../../src/yaml/problem.ts'
import { toJson } from '../../../src/yaml/tree.ts'
import { readByGo } from '../harness/go.ts'
import { at } from '../harness/manifest.ts'
import type { Value } from '../harness/manifest.ts'
import type { Report } from '../harness/report.ts'
import { canonical } from './case.ts'

/** Cases that Go's parser, which is YAML 1.1's, reads otherwise than YAML 1.2 has it; each with the reason. */
const otherwise: Readonly<Record<string, string>> = {
  '4ABK': 'a colon before a comma belongs to the word',
  '652Z': 'a question mark in front of a word is no part of it',
  'HM87/1': 'the same',
  'JEF9/2': 'a last line of spaces without a line end is none',
  'L24T/1': 'the same',
}

/** The cases of the YAML test suite that fit below a key: what both readers take they have to take for the same. */
export async function suite(report: Report, helm: string): Promise<void> {
  const cases = suiteCases.filter(({ yaml }) => !/^(?:---|%|\.\.\.)/m.test(yaml)).map(({ id, yaml }) => ({ id, text: `v:\n${yaml.replace(/^(?=.)/gm, '  ')}` }))
  const byGo = await readByGo(
    helm,
    cases.map(({ text }) => text),
  )
  let both = 0
  for (const [index, { id, text }] of cases.entries()) {
    const [theirs, own] = [at(byGo[index], 'v'), ours(text)]
    if (theirs === undefined || own === undefined) continue
    both++
    const isSame = canonical(theirs) === canonical(own)
    if (isSame !== id in otherwise) report.pass()
    else
      report.fail(
        `the case ${id} of the YAML test suite is read ${isSame ? 'alike, though it is listed' : 'otherwise'}`,
        `${JSON.stringify(text)}\nGo:   ${canonical(theirs)}\nhere: ${canonical(own)}`,
      )
  }
  report.say(`  ${both} cases of the YAML test suite read by both, of ${cases.length}`)
}

/** Undefined where it is refused. */
function ours(text: string): Value | undefined {
  try {
    const [tree] = readFully({ name: 'a case', text, firstLine: 0 }, { uniqueKeys: false })
    return tree === undefined ? undefined : at(toJson(tree), 'v')
  } catch (problem) {
    if (problem instanceof YamlProblem) return undefined
    throw problem
  }
}
