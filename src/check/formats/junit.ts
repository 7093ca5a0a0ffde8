import type { Diagnostic } from '../../diagnostics/collect.ts'
import { formatPlace } from '../../diagnostics/format.ts'
import { element } from '../../explain/markup.ts'
import type { Markup } from '../../explain/markup.ts'
import type { Difference } from '../diff/diff.ts'
import type { Account, CheckedFlow } from '../model.ts'
import { unknownWords } from '../words.ts'
import { decidedBy, placesOf } from './cells.ts'

/** A test report as Jenkins' and GitLab's readers take it: a suite for each workload, a case for each flow and each error. What is not known is skipped. */
export function renderJunit({ flows, version, diagnostics }: Account): string {
  const suites = bySuite(flows).map(([name, own]) =>
    suite(
      name,
      own.map(flow => testCase(flow, name, failureOf(flow))),
    ),
  )
  return report(`helm-netpol ${version} check`, [...suites, ...errorSuite(diagnostics)])
}

/** The same of two streams: a flow fails where it is newly cut. */
export function renderDifferenceJunit({ changes, version, diagnostics }: Difference): string {
  const newlyCut = new Set(changes.filter(change => change.newlyCut).map(({ flow }) => flow))
  const suites = bySuite(changes.map(({ flow }) => flow)).map(([name, own]) =>
    suite(
      name,
      own.map(flow => testCase(flow, name, newlyCut.has(flow) ? { failed: true, message: messageOf(flow) } : undefined)),
    ),
  )
  return report(`helm-netpol ${version} check --diff`, [...suites, ...errorSuite(diagnostics)])
}

interface Failure {
  readonly failed: boolean
  readonly message: string
}

interface Suite {
  readonly markup: Markup
  readonly tests: number
  readonly failures: number
  readonly errors: number
}

interface Case {
  readonly markup: Markup
  readonly failure: Failure | undefined
}

function bySuite(flows: readonly CheckedFlow[]): [string, CheckedFlow[]][] {
  const suites = new Map<string, CheckedFlow[]>()
  for (const flow of flows) {
    const name = flow.need?.workload ?? 'flows'
    const others = suites.get(name)
    if (others === undefined) suites.set(name, [flow])
    else others.push(flow)
  }
  return [...suites]
}

function failureOf(flow: CheckedFlow): Failure | undefined {
  if (flow.verdict === 'allowed') return undefined
  return { failed: flow.verdict === 'denied' && flow.need?.required !== false, message: messageOf(flow) }
}

function messageOf(flow: CheckedFlow): string {
  return flow.unknown === undefined ? decidedBy(flow).join('; ') : unknownWords(flow.unknown)
}

function testCase(flow: CheckedFlow, suiteName: string, failure: Failure | undefined): Case {
  const { from, to, port, need, verdict, asked } = flow
  const name = need === undefined ? `${from} -> ${to}:${port}` : `${need.direction} ${need.row}: ${from} -> ${to}${port === '' ? '' : ` ${port}`}`
  const attributes = { classname: suiteName, name, time: 0 }
  if (failure === undefined) return { markup: element('testcase', attributes), failure }
  const details = [`asked: ${asked.from} to ${asked.to}, port ${asked.port}/${asked.protocol}`, ...placesOf(flow).map(place => `at ${place}`)].join('\n')
  const inner = failure.failed ? element('failure', { type: verdict, message: failure.message }, details) : element('skipped', { message: failure.message })
  return { markup: element('testcase', attributes, inner), failure }
}

function suite(name: string, cases: readonly Case[]): Suite {
  const failures = cases.filter(({ failure }) => failure?.failed === true).length
  const skipped = cases.filter(({ failure }) => failure?.failed === false).length
  const attributes = { name, tests: cases.length, failures, errors: 0, skipped, time: 0 }
  return {
    markup: element(
      'testsuite',
      attributes,
      cases.map(({ markup }) => markup),
    ),
    tests: cases.length,
    failures,
    errors: 0,
  }
}

/** What makes the exit code 1 beside the flows; with --strict that is every warning, too. */
function errorSuite(diagnostics: readonly Diagnostic[]): Suite[] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return []
  const name = 'diagnostics'
  const cases = errors.map(({ code, message, help, place }) => {
    const details = [...(place === undefined ? [] : [`at ${formatPlace(place)}`]), help.trimEnd()].join('\n')
    return element('testcase', { classname: name, name: `${code}: ${message}`, time: 0 }, element('error', { type: code, message }, details))
  })
  const attributes = { name, tests: errors.length, failures: 0, errors: errors.length, skipped: 0, time: 0 }
  return [{ markup: element('testsuite', attributes, cases), tests: errors.length, failures: 0, errors: errors.length }]
}

function report(name: string, suites: readonly Suite[]): string {
  const sum = (key: 'tests' | 'failures' | 'errors'): number => suites.reduce((total, one) => total + one[key], 0)
  const root = element(
    'testsuites',
    { name, tests: sum('tests'), failures: sum('failures'), errors: sum('errors'), time: 0 },
    suites.map(({ markup }) => markup),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.text.replace(/(?=<\/?test)/g, '\n').trim()}\n`
}
