import { isDeepStrictEqual } from 'node:util'
import { parseAllDocuments } from 'yaml'
import type { Answer } from '../../../src/commands/answer.ts'
import { flux } from '../../../src/commands/flux.ts'
import type { FluxOptions } from '../../../src/commands/flux.ts'
import { withLineFeeds } from '../../../src/yaml/tokens.ts'
import type { Case } from '../case.ts'
import type { Finding } from '../play.ts'

/** What holds of every HelmRelease that is written. */
export async function checkRelease({ stream, release }: Case, options: FluxOptions, { text }: Answer): Promise<Finding[]> {
  if (text === undefined) return []
  const before = release.toString()
  const same = isDeepStrictEqual(withoutPostRenderers(before), withoutPostRenderers(text))
  return [
    ...(same ? [] : [{ oracle: 'release', detail: `more than the block has changed: ${JSON.stringify(text.slice(0, 400))}` }]),
    ...(options.check && text !== before ? [{ oracle: 'release', detail: 'a check has changed the text' }] : []),
    ...(await checkAgain(stream, text, options)),
  ]
}

async function checkAgain(stream: Buffer, text: string, options: FluxOptions): Promise<Finding[]> {
  const again = await flux(stream, { path: 'release.yaml', text }, { ...options, check: true })
  if (again.text === text) return []
  return [{ oracle: 'second run', detail: `finds the block stale: ${again.diagnostics.map(({ code, message }) => `${code} ${message}`).join('; ')}` }]
}

function withoutPostRenderers(text: string): unknown[] {
  const parsed = [parseAllDocuments(withLineFeeds(text), { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' })].flat()
  return parsed.map(document => {
    const json: unknown = document.toJS({ maxAliasCount: -1 })
    if (typeof json !== 'object' || json === null || !('spec' in json) || typeof json.spec !== 'object' || json.spec === null) return json
    return { ...json, spec: Object.fromEntries(Object.entries(json.spec).filter(([key]) => key !== 'postRenderers')) }
  })
}
