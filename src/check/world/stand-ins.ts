import type { Labels } from '../../discover/selector.ts'
import type { Resource } from '../../resources/resource.ts'
import type { Namespace, Pod, World } from '../../verdict/world.ts'
import { podRef } from '../ask/ends.ts'
import type { Ref } from '../ask/ends.ts'
import { namespacesOf } from './build.ts'
import type { Cast } from './build.ts'
import type { Example } from './examples.ts'
import { madeUpPod } from './made-up.ts'
import { labelWords } from './namespace-labels.ts'

/** Pods that stand for others, of whom nobody has told. */
export interface StandIns {
  /** Who may call a pod of a namespace: such as the ingress rules of its policies speak of, and strangers. */
  readonly callers: (namespace: string, policies: Iterable<Resource>) => readonly StandIn[]
  /** Those of them that no rule speaks of. */
  readonly strangers: (namespace: string) => readonly StandIn[]
  /** Of the cluster's DNS: those that are known, else one that is made up. */
  readonly dns: readonly StandIn[]
  /** Their names: they are not listed among the pods that are there. */
  readonly names: ReadonlySet<string>
}

export interface StandIn {
  readonly ref: Ref
  /** `any pod of another namespace`, for people. */
  readonly label: string
}

/**
 * The world with pods that may be callers (a stranger, a neighbour in each namespace, one for each example) and with the cluster's DNS. `examples`: those
 * of the ingress rules of each policy.
 */
export function withStandIns(
  cast: Cast,
  examples: ReadonlyMap<Resource, readonly Example[]>,
  dnsNamespace: string,
): { readonly world: World; readonly standIns: StandIns } {
  const { world } = cast
  const stranger = madeUpPod(elsewhere, 'stranger')
  const neighbours = new Map(world.namespaces.map(({ name }) => [name, madeUpPod(name, 'neighbour')]))
  const named = new Map(world.namespaces.map(({ name, labels }) => [name, labels]))
  const made = new Map([...new Set([...examples.values()].flat())].flatMap((example, index) => fromExample(example, index, named)))
  const dns = dnsPods(world, dnsNamespace)
  const pods = [stranger, ...neighbours.values(), ...[...made.values()].map(({ pod }) => pod), ...dns.filter(pod => !world.pods.includes(pod))]
  const strangers = (namespace: string): StandIn[] => [
    { ref: podRef(stranger), label: 'any pod of another namespace' },
    ...[neighbours.get(namespace)].flatMap(pod => (pod === undefined ? [] : [{ ref: podRef(pod), label: 'any pod of its namespace' }])),
  ]
  const added: Namespace[] = [...made.values()].map(({ pod, namespaceLabels }) => ({ name: pod.namespace, labels: namespaceLabels }))
  return {
    world: {
      ...world,
      pods: [...world.pods, ...pods],
      namespaces: namespacesOf([...world.namespaces, ...added], [elsewhere, dnsNamespace]),
    },
    standIns: {
      callers: (namespace, policies) => {
        const spokenOf = new Set([...policies].flatMap(policy => examples.get(policy) ?? []))
        return [...strangers(namespace), ...[...spokenOf].flatMap(example => toStandIn(made.get(example)))]
      },
      strangers,
      dns: dns.map(pod => ({ ref: podRef(pod), label: `pod ${pod.namespace}/${pod.name}` })),
      names: new Set(pods.map(({ namespace, name }) => `${namespace}/${name}`)),
    },
  }
}

/** The namespace of a pod that is of no namespace in particular. */
const elsewhere = 'elsewhere'

interface Made {
  readonly pod: Pod
  readonly namespaceLabels: Labels
  readonly label: string
}

/** None where the namespace it asks for is there, and has other labels. */
function fromExample(example: Example, index: number, known: ReadonlyMap<string, Labels>): [Example, Made][] {
  const { namespace, namespaceLabels, labels, serviceAccount } = example
  const name = namespace ?? (Object.keys(namespaceLabels).length === 0 ? elsewhere : `${elsewhere}-${index}`)
  const own = known.get(name)
  if (own !== undefined && !Object.entries(namespaceLabels).every(([key, value]) => own[key] === value)) return []
  const pod = madeUpPod(name, `example-${index}`, { labels, serviceAccount })
  return [[example, { pod, namespaceLabels, label: describe(labels, namespace, namespaceLabels, serviceAccount) }]]
}

function toStandIn(made: Made | undefined): StandIn[] {
  return made === undefined ? [] : [{ ref: podRef(made.pod), label: made.label }]
}

/** `pods app=prometheus of namespace monitoring`. */
export function describe(labels: Labels, namespace: string | undefined, namespaceLabels: Labels, serviceAccount: string | undefined): string {
  const [own, namespaces] = [labelWords(labels), labelWords(namespaceLabels)]
  const pods = own === '' ? 'pods' : `pods ${own}`
  const account = serviceAccount === undefined ? '' : ` with ServiceAccount ${serviceAccount}`
  const labelled = namespaces === '' ? '' : ` labelled ${namespaces}`
  return `${pods}${account} of ${namespace === undefined ? (labelled === '' ? 'any namespace' : `namespaces${labelled}`) : `namespace ${namespace}${labelled}`}`
}

/** The pods of the namespace that answer DNS; where none is known, one as kubeadm or OpenShift makes them. */
function dnsPods(world: World, namespace: string): readonly Pod[] {
  const known = world.pods.filter(pod => pod.namespace === namespace && pod.ports.some(({ port, protocol }) => protocol === 'UDP' && isDnsPort(port)))
  if (known.length > 0) return known
  const port = namespace === openShiftDns ? 5353 : 53
  return [
    {
      kind: 'pod',
      namespace,
      name: 'kube-dns',
      // openshift/cluster-dns-operator, assets/dns, and kubeadm's manifests.
      labels: namespace === openShiftDns ? { 'dns.operator.openshift.io/daemonset-dns': 'default' } : { 'k8s-app': 'kube-dns' },
      serviceAccount: 'coredns',
      addresses: [],
      ports: [
        { name: 'dns', port, protocol: 'UDP' },
        { name: 'dns-tcp', port, protocol: 'TCP' },
      ],
    },
  ]
}

const openShiftDns = 'openshift-dns'

/** The pods of some distributions listen on 5353 behind their Service's 53. */
export function isDnsPort(port: number): boolean {
  return port === 53 || port === 5353
}
