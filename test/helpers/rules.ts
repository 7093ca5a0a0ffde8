import { checkPassthrough } from '../../src/passthrough/own.ts'
import type { Diagnostic } from '../../src/diagnostics/collect.ts'
import type { EngineName } from '../../src/engines/registry.ts'
import { engineSettings } from '../../src/values/schema.ts'
import { ears, load } from './facts.ts'

export type Direction = 'ingress' | 'egress'

/** What is told of one rule in an engine's own words, written as flow YAML on line 4 of the values. */
export async function checkRule(engine: EngineName, direction: Direction, rule: string): Promise<readonly Diagnostic[]> {
  const listener = ears()
  const settings = await load([`networkPolicy:\n  enabled: true\n  engine: ${engine}\n  ${engine}: {${direction}: [${rule}]}\n`], {}, listener)
  if (settings === undefined) throw new Error('the values enable nothing')
  await checkPassthrough(settings.engine, engineSettings(settings, settings.engine), listener.diagnose)
  return listener.diagnostics.all
}

/** `CODE path` of each finding, the path within the rule. */
export async function findingsOf(engine: EngineName, direction: Direction, rule: string): Promise<string[]> {
  const found = await checkRule(engine, direction, rule)
  const start = `networkPolicy.${engine}.${direction}[0]`
  return found.map(({ code, place }) => `${code} ${(place?.path ?? '').replace(start, '').replace(/^\./, '')}`.trim())
}
