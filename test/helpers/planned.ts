import type { Flow } from '../../src/traffic/flow.ts'
import { planIngress } from '../../src/traffic/ingress.ts'
import type { IngressOptions } from '../../src/traffic/ingress.ts'
import { ears, settingsOf, workloadOf } from './facts.ts'
import { service, workload } from './streams.ts'

export const webhook =
  '---\nkind: ValidatingWebhookConfiguration\nmetadata: {name: hook}\nwebhooks: [{clientConfig: {service: {name: app, namespace: stage}}}]\n'
export const toWebhook = service({ ports: '[{port: 443, targetPort: webhook}]' })
export const hooked = '[{name: webhook, containerPort: 9443}, {name: metrics, containerPort: 8080}]'

export function withArgs(ports: string, args: readonly string[]): string {
  return workload({ ports, container: `          args: ${JSON.stringify(args)}\n` })
}

export interface Planned {
  readonly rows: readonly string[]
  readonly flows: readonly Flow[]
  /** Codes with their messages; the default metrics port by its code alone. */
  readonly told: readonly string[]
  /** What to do about each. */
  readonly help: readonly string[]
}

/** The inbound flows of a stream's first workload, and what is told of them. */
export async function planned(stream: string, block = '', options: Partial<IngressOptions> = {}): Promise<Planned> {
  const { diagnostics, diagnose } = ears()
  const { workload: first, release } = await workloadOf(stream)
  const flows = planIngress(first, release, { settings: await settingsOf(block), usePeers: true, several: false, diagnose, ...options })
  return {
    flows,
    rows: flows.map(({ row, ports }) => `${row}: ${ports.map(({ name, number }) => name ?? number).join()}`),
    told: diagnostics.all.map(({ code, message }) => (code === 'NP208' ? code : `${code} ${message}`)),
    help: diagnostics.all.map(({ help }) => help),
  }
}
