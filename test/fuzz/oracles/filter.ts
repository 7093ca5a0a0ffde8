import { isUtf8 } from 'node:buffer'
import { isDeepStrictEqual } from 'node:util'
import { parseAllDocuments } from 'yaml'
import type { Policy } from '../../../src/engines/contract.ts'
import type { Result, RunOptions } from '../../../src/run.ts'
import { run } from '../../../src/run.ts'
import { readFully } from '../../../src/yaml/full.ts'
import { readQuickly } from '../../../src/yaml/quick.ts'
import { withLineFeeds } from '../../../src/yaml/tokens.ts'
import { toJson } from '../../../src/yaml/tree.ts'
import { documents } from '../../helpers/text.ts'
import type { Finding } from '../play.ts'

/** Larger streams are not parsed whole, which takes the parser seconds. */
const longest = 6000

/** What holds of every stream that is filtered. */
export async function checkFilter(stream: Buffer, options: RunOptions, result: Result): Promise<Finding[]> {
  const { output, diagnostics, report } = result
  const failed = diagnostics.some(({ severity }) => severity === 'error')
  const told = failed === (output === undefined) && report.ok === !failed ? [] : [{ oracle: 'refused', detail: `errors: ${failed}, output: ${output?.length}` }]
  if (output === undefined) return told
  const whole =
    options.onlyPolicies === true ? [] : [...checkBytes(stream, output, result), ...checkParses(stream, output), ...(await checkAgain(stream, options, result))]
  return [...told, ...whole, ...checkPolicies(result.weaving.inserted, result.facts?.policies ?? [])]
}

/** What is put in taken out again, the rest is the input, but for documents that may leave and separators that must come. */
function checkBytes(stream: Buffer, output: Buffer, { weaving, facts }: Result): Finding[] {
  const inserted = Buffer.from(weaving.inserted).toString('latin1')
  const before = stream.toString('latin1')
  const after = output.toString('latin1')
  const mayLeave = (document: string): boolean =>
    document.includes('helm-netpol/policy') || document.includes('NetworkPolicyValues') || (facts?.settings.replace === true && document.includes('Policy'))
  const rests = [inserted, inserted.replaceAll('\n', '\r\n')].flatMap(text => without(after, text))
  if (rests.some(rest => isAligned(pieces(before), rest, mayLeave))) return []
  return [{ oracle: 'bytes', detail: `the chart's own documents have changed: ${JSON.stringify(after.slice(0, 400))}` }]
}

/** A text without another, for each place where that stands. */
function without(text: string, part: string): string[] {
  if (part === '') return [text]
  const rests: string[] = []
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) rests.push(text.slice(0, at) + text.slice(at + part.length))
  return rests
}

/** The byte order mark, then the documents. */
function pieces(stream: string): string[] {
  const mark = stream.startsWith('\xef\xbb\xbf') ? stream.slice(0, 3) : ''
  return [...(mark === '' ? [] : [mark]), ...documents(stream.slice(mark.length))]
}

function isAligned(all: readonly string[], rest: string, mayLeave: (document: string) => boolean): boolean {
  let at = 0
  for (const document of all) {
    const lead = ['', '---\n', '---\r\n', '...\n', '...\r\n'].find(separator => rest.startsWith(separator + document, at))
    if (lead !== undefined) at += lead.length + document.length
    else if (!mayLeave(document)) return false
  }
  return at === rest.length
}

/** A stream that could be parsed still can. */
function checkParses(stream: Buffer, output: Buffer): Finding[] {
  if (output.equals(stream) || stream.length > longest || !isUtf8(stream)) return []
  if (mistakesIn(stream.toString()).length > 0) return []
  const [mistake] = mistakesIn(output.toString())
  return mistake === undefined ? [] : [{ oracle: 'parses', detail: `the output is no YAML, and the input was: ${mistake}` }]
}

function mistakesIn(text: string): string[] {
  const parsed = parseAllDocuments(withLineFeeds(text), { schema: 'failsafe', prettyErrors: false, uniqueKeys: false, logLevel: 'silent' })
  return (Array.isArray(parsed) ? parsed : []).flatMap(({ errors }) => errors.map(({ message }) => message))
}

/** A second run changes nothing; values of the stream have left it, and with them what it was to do. */
async function checkAgain(stream: Buffer, options: RunOptions, { output, weaving }: Result): Promise<Finding[]> {
  if (output === undefined || output.equals(stream)) return []
  if (weaving.removed.size > 0 && stream.includes('NetworkPolicyValues')) return []
  const again = await run(output, options)
  if (again.output?.equals(output) === true) return []
  const codes = again.diagnostics.map(({ code, message }) => `${code} ${message}`).join('; ')
  return [{ oracle: 'second run', detail: again.output === undefined ? `is refused: ${codes}` : `changes the output: ${codes}` }]
}

/** Our policies are read back as they were meant, by every reader. */
function checkPolicies(inserted: string, policies: readonly Policy[]): Finding[] {
  const texts = inserted.split(/^---\n/m).slice(1)
  if (texts.length !== policies.length) return [{ oracle: 'policies', detail: `${policies.length} policies in ${texts.length} documents` }]
  return texts.flatMap((text, index) => checkPolicy(text, policies[index]?.manifest))
}

function checkPolicy(text: string, manifest: unknown): Finding[] {
  const source = { name: 'policy', text, firstLine: 0 }
  const quick = readQuickly(source)
  const readings = [
    ...(quick === undefined || quick === null ? [] : [toJson(quick)]),
    ...readFully(source, { uniqueKeys: true }).map(toJson),
    ...[parseAllDocuments(text, { version: '1.2', logLevel: 'silent' })].flat().map(document => document.toJS()),
  ]
  const meant = JSON.stringify(manifest)
  const other = readings.find(reading => !isDeepStrictEqual(reading, JSON.parse(meant)))
  return other === undefined ? [] : [{ oracle: 'policies', detail: `read as ${JSON.stringify(other)}, meant as ${meant}` }]
}
