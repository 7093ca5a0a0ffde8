import type { Diagnose } from '../diagnostics/collect.ts'
import type { Engine } from '../engines/contract.ts'
import { ingressRows } from '../traffic/table.ts'
import { engineNames, engineSettings, rowSettings } from './schema.ts'
import type { EngineSettings, Settings } from './schema.ts'

interface Asked {
  readonly settings: Settings
  readonly engineName: string
  readonly engine: Engine
  /** The engine's own lists, where it has them. */
  readonly own: EngineSettings | undefined
  readonly diagnose: Diagnose
}

/** Tells of values that have no effect, or another than they seem to have, under the chosen engine. */
export function tellIgnored(asked: Asked): void {
  if (!asked.engine.takesPeers && !asked.settings.translatePeers) tellUntranslated(asked)
  tellOpenEgress(asked)
  tellOtherEngines(asked)
  tellNarrowWebhook(asked)
}

/** NetworkPolicy peers and rules under an engine that does not take them. */
function tellUntranslated({ settings, engineName, diagnose }: Asked): void {
  const lists = [
    ...ingressRows.map(row => ({
      path: `networkPolicy.${row.id}.from`,
      list: rowSettings(settings, row)?.from ?? [],
      effect: `the ${row.id} port stays open to everyone`,
    })),
    { path: 'networkPolicy.additionalIngress', list: settings.additionalIngress, effect: 'these flows are cut' },
    { path: 'networkPolicy.egress.to', list: settings.egress.enabled ? settings.egress.to : [], effect: 'these destinations are cut' },
  ]
  for (const { path, list, effect } of lists) {
    const first = list[0]
    if (first !== undefined) diagnose('NP402', { path, engine: engineName, effect }, first.place)
  }
}

/** Rules for egress that is not locked. */
function tellOpenEgress({ settings, engineName, own, diagnose }: Asked): void {
  if (settings.egress.enabled) return
  const [passed] = own?.egress ?? []
  const [listed] = settings.egress.to
  if (passed !== undefined) diagnose('NP405', { path: `networkPolicy.${engineName}.egress`, engine: engineName }, passed.place)
  if (listed !== undefined) diagnose('NP409', { path: 'networkPolicy.egress.to' }, listed.place)
}

/** Rules in the words of engines that are not the one. */
function tellOtherEngines({ settings, engineName, diagnose }: Asked): void {
  const given = engineNames
    .filter(name => name !== engineName)
    .flatMap(name =>
      (['ingress', 'egress'] as const).map(direction => ({
        path: `networkPolicy.${name}.${direction}`,
        first: engineSettings(settings, name)?.[direction][0],
      })),
    )
    .filter(({ first }) => first !== undefined)
  if (given.length > 0) diagnose('NP410', { paths: given.map(({ path }) => path), engine: engineName }, given[0]?.first?.place)
}

/** The apiserver is no pod: a list of pods alone cuts admission. */
function tellNarrowWebhook({ settings, engine, diagnose }: Asked): void {
  const { from } = settings.webhook
  const counts = engine.takesPeers || settings.translatePeers
  const first = from[0]
  if (counts && first !== undefined && from.every(({ value }) => value.ipBlock === undefined))
    diagnose('NP403', { path: 'networkPolicy.webhook.from' }, first.place)
}
