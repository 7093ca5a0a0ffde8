import { catalogue } from '../../diagnostics/catalogue.ts'
import type { Diagnostic } from '../../diagnostics/collect.ts'
import { version } from '../../version.ts'
import { visible, visibleJson } from '../../visible.ts'
import type { Json, JsonObject, Place } from '../../yaml/tree.ts'
import type { Difference } from '../diff/diff.ts'
import type { Account, CheckedFlow } from '../model.ts'
import { unknownWords } from '../words.ts'
import { decidedBy, sidesOf } from './cells.ts'

/** SARIF 2.1.0 (OASIS), a result for each flow that is denied or hangs on something, and for each diagnostic. */
export function renderSarif({ flows, diagnostics }: Account): string {
  return log(
    flows.flatMap(flow => toResult(flow)),
    diagnostics,
  )
}

/** The same of the flows that turned out worse: an error where one is needed and newly cut, else a note. */
export function renderDifferenceSarif({ changes, diagnostics }: Difference): string {
  return log(
    changes.flatMap(({ newlyCut, before, after, flow }) => {
      const isWorse = newlyCut || after === 'denied' || (after === 'unknown' && before === 'allowed')
      return isWorse ? toResult(flow, newlyCut ? 'error' : 'note') : []
    }),
    diagnostics,
  )
}

/** What results are of; those of diagnostics have their codes. */
const rules = {
  'flow-cut': 'A flow that a workload needs is denied by the policies.',
  'flow-denied': 'A flow that may be needed, that was asked about, or that was allowed before, is denied by the policies.',
  'flow-unknown': 'Whether the policies allow a flow hangs on something that neither the stream nor the world file tells.',
} as const

type RuleName = keyof typeof rules

function toResult(flow: CheckedFlow, level = levelOf(flow)): JsonObject[] {
  const rule = ruleOf(flow)
  if (rule === undefined) return []
  const { from, to, port, need } = flow
  const why = flow.unknown === undefined ? decidedBy(flow).join('; ') : unknownWords(flow.unknown)
  const reason = need === undefined ? '' : ` ${need.party}: ${need.reason}.`
  return [
    {
      ruleId: rule,
      level,
      message: { text: visible(`${from} -> ${to}${port === '' ? '' : ` ${port}`} is ${flow.verdict}: ${why}.${reason}`) },
      locations: locationsOf(flow),
      partialFingerprints: { 'flow/v1': visible(flow.id) },
    },
  ]
}

/** Of one's own questions each that is denied is a failure. */
function levelOf({ verdict, need }: CheckedFlow): 'error' | 'note' {
  return verdict === 'denied' && need?.required !== false ? 'error' : 'note'
}

function ruleOf({ verdict, need }: CheckedFlow): RuleName | undefined {
  if (verdict === 'allowed') return undefined
  if (verdict === 'unknown') return 'flow-unknown'
  return need?.required === true ? 'flow-cut' : 'flow-denied'
}

/** Where the deciding rules stand: in the values for those that came from there. */
function locationsOf(flow: CheckedFlow): Json[] {
  const sides = sidesOf(flow)
  const deciding = sides.some(({ side }) => !side.allowed) ? sides.filter(({ side }) => !side.allowed) : sides
  return deciding.flatMap(({ side }) =>
    side.documents.map(({ document, rule, values, place }): Json => {
      const where = values ?? place
      return {
        ...(where === undefined ? {} : physical(where)),
        logicalLocations: [{ fullyQualifiedName: visible(`${document}${rule === undefined ? '' : ` ${rule}`}`), kind: 'object' }],
      }
    }),
  )
}

function physical({ source, line, column }: Place): JsonObject {
  const region = line === 0 ? {} : { region: { startLine: line, startColumn: column } }
  return { physicalLocation: { artifactLocation: { uri: uriOf(source) }, ...region } }
}

/** A path as a relative reference, one from the root as a `file:` URI (RFC 8089). */
function uriOf(path: string): string {
  const [, drive, rest = path] = /^([A-Za-z]:)[\\/](.*)$/s.exec(path) ?? []
  const parts = drive === undefined ? rest.split('/') : rest.split(/[\\/]/)
  const written = parts.map(encodeURIComponent).join('/')
  if (drive !== undefined) return `file:///${drive}/${written}`
  return path.startsWith('/') ? `file://${written}` : written
}

function ofDiagnostic({ code, severity, message, help, place }: Diagnostic): JsonObject {
  return {
    ruleId: code,
    level: severity,
    message: { text: visible(`${message}. ${help.split('\n')[0] ?? ''}`) },
    ...(place === undefined ? {} : { locations: [physical(place)] }),
  }
}

/** The page by its path: where the documentation is published, this program does not know. */
function helpIn(page: string): JsonObject {
  return { text: `${page} of helm-netpol says what it means and what there is to do.` }
}

function log(results: readonly JsonObject[], diagnostics: readonly Diagnostic[]): string {
  const codes = Object.keys(catalogue).filter(code => diagnostics.some(diagnostic => diagnostic.code === code))
  const described = [
    ...Object.entries(rules).map(([id, text]) => ({ id, shortDescription: { text }, help: helpIn('docs/check.md') })),
    ...codes.map(id => ({ id, shortDescription: { text: `Diagnostic ${id} of helm-netpol.` }, help: helpIn('docs/diagnostics.md') })),
  ]
  const driver = { name: 'helm-netpol', version, rules: described }
  const run = { tool: { driver }, columnKind: 'utf16CodeUnits', results: [...results, ...diagnostics.map(ofDiagnostic)] }
  return `${visibleJson(JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, undefined, 2))}\n`
}
