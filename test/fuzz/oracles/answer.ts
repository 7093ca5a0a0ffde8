import { isUtf8 } from 'node:buffer'
import { entryOf } from '../../../src/diagnostics/catalogue.ts'
import type { Diagnostic } from '../../../src/diagnostics/collect.ts'
import { formatDiagnostics, formatPlace } from '../../../src/diagnostics/format.ts'
import type { Case } from '../case.ts'
import type { Finding, Outcome } from '../play.ts'

/** What holds of every answer, whoever was asked. */
export function checkAnswer(given: Case, { bytes, diagnostics }: Outcome): Finding[] {
  return [
    ...diagnostics.flatMap(diagnostic => checkDiagnostic(given, diagnostic)),
    ...(control.test(formatDiagnostics(diagnostics)) ? [{ oracle: 'terminal', detail: 'a message has control characters' }] : []),
    ...(bytes !== undefined && isUtf8(given.stream) && !isUtf8(bytes) ? [{ oracle: 'utf-8', detail: 'the output is no UTF-8, and the input was' }] : []),
  ]
}

const control = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/u

/** Words that only a slip of the program puts into a message. */
const slips = /\bundefined\b|\[object |\bNaN\b/

function checkDiagnostic(given: Case, { code, message, help, place }: Diagnostic): Finding[] {
  const entry: unknown = entryOf(code)
  const said = `${message} ${help} ${place === undefined ? '' : formatPlace(place)}`
  const own =
    [given.stream, given.release, ...given.values].some(part => slips.test(part.toString('latin1'))) || slips.test(JSON.stringify([given.sets, given.flags]))
  const lines = Math.max(...[given.stream, given.release, ...given.values].map(countLines))
  return [
    ...(entry === undefined ? [{ oracle: 'catalogue', detail: `${code} is in no catalogue` }] : []),
    ...(help.trim() === '' || message.trim() === '' ? [{ oracle: 'help', detail: `${code} says nothing` }] : []),
    ...(!own && slips.test(said) ? [{ oracle: 'words', detail: `${code}: ${said}` }] : []),
    ...(place !== undefined && (place.line > lines + 1 || place.line < 0 || !Number.isInteger(place.column))
      ? [{ oracle: 'place', detail: `${code} is at ${formatPlace(place)} of ${lines} lines` }]
      : []),
  ]
}

function countLines(part: Buffer): number {
  return part.toString('latin1').split('\n').length
}
