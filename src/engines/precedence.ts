import type { Diagnose } from '../diagnostics/collect.ts'
import type { EngineSettings, Settings } from '../values/schema.ts'
import type { Context, Engine } from './contract.ts'

/**
 * The allowlist's and the default deny's precedence, within the engine's range and the allowlist first;
 * what had to be changed is told.
 */
export function settlePrecedence(
  name: string,
  { precedence }: Engine,
  settings: Settings,
  own: EngineSettings | undefined,
  diagnose: Diagnose,
): Context['precedence'] {
  if (precedence === null || own?.precedence === undefined) return undefined
  const { key, min, max, integer } = precedence
  const paths = { allowlist: `networkPolicy.${name}.${key}`, defaultDeny: 'networkPolicy.defaultDeny.order' }
  const range = integer ? `${key} is an integer from ${min} to ${max}` : `${key} is a number`
  const bring = (asked: number, low: number, high: number): number => Math.min(Math.max(integer ? Math.round(asked) : asked, low), high)

  if (!settings.defaultDeny.enabled) {
    const allowlist = bring(own.precedence, min, max)
    if (allowlist !== own.precedence) diagnose('NP501', { path: paths.allowlist, asked: own.precedence, used: allowlist, why: range })
    return { allowlist, defaultDeny: max }
  }
  const defaultDeny = bring(settings.defaultDeny.order, min + 1, max)
  const allowlist = bring(own.precedence, min, defaultDeny - 1)
  if (defaultDeny !== settings.defaultDeny.order)
    diagnose('NP501', { path: paths.defaultDeny, asked: settings.defaultDeny.order, used: defaultDeny, why: range })
  if (allowlist !== own.precedence)
    diagnose('NP501', {
      path: paths.allowlist,
      asked: own.precedence,
      used: allowlist,
      why: `${range}, and the allowlist comes before the default deny at ${defaultDeny}`,
    })
  return { allowlist, defaultDeny }
}
