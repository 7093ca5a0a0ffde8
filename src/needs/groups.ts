import { toHost } from './host.ts'
import { usedGroups } from './background.ts'
import type { Background } from './background.ts'
import type { Home } from './home.ts'
import { onPort } from '../traffic/flow.ts'
import type { Need } from './need.ts'
import type { GroupRow } from './table.ts'

/** A destination that the API groups of a controller's roles and webhooks show. */
export function byGroup(row: GroupRow, home: Home, background: Background): Need[] {
  const { workload, release } = home
  const served = background.served()
  const own = row.own.find(group => served.has(group))
  const group = own ?? row.used.find(name => usedGroups(workload, background).has(name))
  if (group === undefined || workload.name === row.service) return []
  const [service] = release.servicesNamed(row.service, undefined)
  const namespace = service === undefined ? row.namespace : service.namespace
  const { id, party, reason, dialled } = row
  return [
    {
      row: id,
      party,
      reason,
      host: toHost(`${row.service}.${namespace ?? ''}.svc`, home),
      ports: row.ports.map(number => onPort(number)),
      dialled,
      anyPort: false,
      guess: own === undefined,
      text: `${row.service}${namespace === undefined ? '' : `.${namespace}`}:${dialled}`,
      found: [{ where: own === undefined ? `its service account may use ${group}` : `the release names ${group}`, place: workload.place }],
    },
  ]
}
