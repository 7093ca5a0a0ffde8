import { isDeepStrictEqual } from 'node:util'
import { parseAllDocuments } from 'yaml'
import { answerResourceList } from '../../../src/krm/answer.ts'
import type { FunctionAnswer } from '../../../src/krm/answer.ts'
import type { FunctionOptions } from '../../../src/krm/config.ts'
import { withLineFeeds } from '../../../src/yaml/tokens.ts'
import type { Finding } from '../play.ts'

/** What holds of every ResourceList that is answered. */
export async function checkFunction(stream: Buffer, options: FunctionOptions, { output, report, diagnostics }: FunctionAnswer): Promise<Finding[]> {
  const failed = diagnostics.some(({ severity }) => severity === 'error')
  const told = failed === !report.ok ? [] : [{ oracle: 'refused', detail: `errors: ${failed}, ok: ${report.ok}` }]
  if (output === undefined) return told
  const before = itemsOf(stream.toString())
  const after = itemsOf(output)
  if (before === undefined) return told
  if (after === undefined) return [...told, { oracle: 'items', detail: 'the answer cannot be read, and the question could' }]
  const same = isDeepStrictEqual(before.filter(isOthers), after.filter(isOthers))
  return [...told, ...(same ? [] : [{ oracle: 'items', detail: 'items of others have changed' }]), ...(await checkAgain(output, options, report.ok))]
}

async function checkAgain(output: string, options: FunctionOptions, ok: boolean): Promise<Finding[]> {
  // Values among the items have left, and with them what was to be done.
  if (!ok) return []
  const again = await answerResourceList(Buffer.from(output), options)
  if (again.output === output) return []
  const codes = again.diagnostics.map(({ code, message }) => `${code} ${message}`).join('; ')
  return [{ oracle: 'second run', detail: again.output === undefined ? `is refused: ${codes}` : `changes the answer: ${codes}` }]
}

/** Undefined where the text is no YAML, or has no list of items. */
function itemsOf(text: string): unknown[] | undefined {
  try {
    const [document, another] = [parseAllDocuments(withLineFeeds(text), { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' })].flat()
    if (document === undefined || another !== undefined || document.errors.length > 0) return undefined
    const list: unknown = document.toJS()
    const items: unknown = typeof list === 'object' && list !== null && 'items' in list ? list.items : undefined
    return Array.isArray(items) ? items : undefined
  } catch {
    // Aliases without end are refused by the parser.
    return undefined
  }
}

/** Policies come and go, and values are taken out. */
function isOthers(item: unknown): boolean {
  return !/Policy/.test(JSON.stringify(item) ?? '')
}
