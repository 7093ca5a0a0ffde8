import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { accountOf } from '../../src/check/account.ts'
import type { CheckedFlow, Side } from '../../src/check/model.ts'
import { decidedCases, questionsIn } from '../helpers/decided.ts'

/** The cases of test/cases with `flows.txt`: what was found where networks and we did not agree, or where one would not think so. */

const cases = decidedCases()

test('there are such cases for every implementation that has a judge', () => {
  const all = cases.flatMap(({ implementations }) => implementations)
  assert.ok(all.filter(name => name === 'cilium').length >= 4 && all.filter(name => name === 'calico').length >= 4, all.join())
})

for (const one of cases)
  for (const implementation of one.implementations)
    test(`${one.name}, under ${implementation}`, async () => {
      const { prepared, named } = await questionsIn(one, implementation)
      assert.equal(prepared.refused, [])
      const lines = accountOf(named, prepared, [], { strict: true }).flows.map(lineOf)
      const path = join(one.folder, `decided.${implementation}.txt`)
      if (process.env['UPDATE'] === '1') writeFileSync(path, `${lines.join('\n')}\n`)
      assert.equal(lines, readFileSync(path, 'utf8').trim().split('\n'))
    })

function lineOf({ id, verdict, egress, ingress }: CheckedFlow): string {
  const sides = [...(egress === undefined ? [] : [`egress: ${wordsOf(egress)}`]), ...(ingress === undefined ? [] : [`ingress: ${wordsOf(ingress)}`])]
  return `${id}  ${verdict}  ${sides.join('; ')}`
}

function wordsOf({ allowed, by, documents, reason = '' }: Side): string {
  const names = documents.map(({ document, rule }) => (rule === undefined ? document : `${document} ${rule}`)).join(', ')
  switch (by) {
    case 'rule':
      return `${names} ${allowed ? 'allows' : 'denies'}`
    case 'lock':
      return `no rule of ${names}`
    case 'nothing':
      return documents.length === 0 ? 'no policy' : `${names} ${documents.some(({ rule }) => rule !== undefined) ? 'passes it on' : 'leaves it'}`
    case 'engine':
      return reason
  }
}

test.run()
