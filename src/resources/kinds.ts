import { engines } from '../engines/registry.ts'

/** Kinds that tell something about the controller, its traffic or its policies; nothing else is parsed. */
export const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const
export const otherPodKinds = ['Job', 'CronJob', 'Pod', 'ReplicaSet', 'ReplicationController'] as const
export const webhookKinds = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const
export const monitorKinds = ['ServiceMonitor', 'PodMonitor'] as const
export const policyKinds = [...new Set(Object.values(engines).map(({ kind }) => kind))]
export const valuesKind = 'NetworkPolicyValues'

const always: ReadonlySet<string> = new Set([
  ...workloadKinds,
  ...otherPodKinds,
  ...webhookKinds,
  ...monitorKinds,
  ...policyKinds,
  valuesKind,
  'Service',
  'APIService',
  'RoleBinding',
])

/** A CRD matters only where it names a conversion webhook: `clientConfig` appears there and in no schema of its own. */
const conversion = Buffer.from('clientConfig:')

/** Whether a document of this kind has to be parsed. */
export function matters(kind: string, bytes: () => Buffer): boolean {
  if (always.has(kind)) return true
  if (kind === 'CustomResourceDefinition') return bytes().includes(conversion)
  return kind.endsWith('List') && couldMatter(bytes())
}

/** Whether bytes that only a parse can understand name a kind that matters: Secrets among them stay unread. */
export function couldMatter(bytes: Buffer): boolean {
  return anyKind.test(bytes.toString('latin1'))
}

const anyKind = new RegExp(`\\b(${[...always, 'CustomResourceDefinition'].join('|')})\\b`)
