import { parseCidr } from '../../net/cidr.ts'
import type { Host, Need } from '../../needs/need.ts'
import { withName, withNamespaceLabels } from '../ask/changes.ts'
import { podNamed } from '../ask/ends.ts'
import type { Ref } from '../ask/ends.ts'
import { allOf, anyOf, eitherOf } from '../ask/question.ts'
import type { Asked, Question } from '../ask/question.ts'
import type { Scene } from '../scene.ts'
import { addressIn } from '../world/addresses.ts'
import { labelWords } from '../world/namespace-labels.ts'
import { isDnsPort } from '../world/stand-ins.ts'
import { toApiserver } from './apiserver.ts'
import { askPorts } from './ports.ts'
import type { Possibility } from './ports.ts'
import { behindAddress, behindService, ofService } from './services.ts'

/** Who dials, and where it looks for names. */
export interface Dialler {
  readonly from: Ref
  /** Of the pod. */
  readonly namespace: string
  /** Blocks of the resolvers that the values name. */
  readonly resolvers: readonly string[]
}

/** A need as a question. */
export function ofNeed(need: Need, dialler: Dialler, scene: Scene): Question {
  const question = ofHost(need, need.host, dialler, scene)
  // Who has resolvers that are no pods may ask them in the place of the cluster's.
  const asksResolvers = need.host.kind === 'dns' || (need.row === 'resolvers' && need.host.kind === 'unknown')
  const resolvers = asksResolvers ? dialler.resolvers.map(cidr => ofBlock(cidr, { ...need, ports: onDns, anyPort: false }, dialler, scene)) : []
  return anyOf([question, ...resolvers])
}

const onDns: Need['ports'] = [{ name: undefined, number: 53, endPort: undefined, protocol: 'UDP' }]

function ofHost(need: Need, host: Host, dialler: Dialler, scene: Scene): Question {
  const { from } = dialler
  switch (host.kind) {
    case 'service':
      return ofService(need, host, dialler, scene)
    case 'address':
      return ofBlock(host.cidr, need, dialler, scene)
    case 'outside':
      return ofName(host.name, need, dialler, scene)
    case 'either':
      return eitherOf(`whether ${host.name} is a Service or a host`, [
        ofService(need, { kind: 'service', name: host.name.split('.')[0] ?? '', namespace: host.namespace, pods: undefined, backends: [] }, dialler, scene),
        ofName(host.name, need, dialler, scene),
      ])
    case 'apiserver':
      return toApiserver(
        scene,
        from,
        need.ports.flatMap(({ number }) => number ?? []),
      )
    case 'nodes':
      return allOf(scene.cast.world.nodes.map(({ name }) => askPorts(need, from, [{ to: { node: name }, label: `node ${name}` }], '', scene)))
    case 'dns':
      return ofDns(host.namespace, dialler, scene)
    case 'unknown':
      return ofUnknown(need, host.service, dialler, scene)
  }
}

function toPossibility({ address, label }: { readonly address: string; readonly label: string }): Possibility {
  return { to: { address }, label }
}

/** Anywhere; of a Service whose endpoints someone else manages where they are, if that is told, and at its target ports in any case. */
function ofUnknown(need: Need, named: Extract<Host, { kind: 'unknown' }>['service'], dialler: Dialler, scene: Scene): Question {
  const { from, namespace } = dialler
  const service = scene.cast.world.services.find(one => one.name === named?.name && one.namespace === (named.namespace ?? namespace))
  const dialled = need.dialled ?? need.ports[0]?.number
  const behind = service === undefined ? undefined : behindService(service, dialled, dialler, scene)
  if (behind !== undefined) return behind
  const targets = service?.ports.flatMap(({ port, target, protocol }) => (port === dialled && typeof target === 'number' ? [{ number: target, protocol }] : []))
  const ports = targets?.map(({ number, protocol }) => ({ name: undefined, number, endPort: undefined, protocol })) ?? need.ports
  return askPorts(
    { ...need, ports: ports.length === 0 ? need.ports : ports },
    from,
    scene.cellsAt(from, 'egress').map(toPossibility),
    `the address of ${need.text}`,
    scene,
  )
}

/** An address is that of whoever has it, a Service's of the pods behind it. */
function ofBlock(cidr: string, need: Need, dialler: Dialler, scene: Scene): Question {
  const block = parseCidr(cidr)
  const address = addressIn(cidr.replace(/\/\d+$/, ''))
  const behind = address === undefined ? undefined : behindAddress(address, need, dialler, scene)
  return behind ?? askPorts(need, dialler.from, scene.cellsAt(dialler.from, 'egress', block).map(toPossibility), `which address of ${cidr} is dialled`, scene)
}

function ofName(name: string, need: Need, { from }: Dialler, scene: Scene): Question {
  // A pattern stands for each of its names.
  const one = name.replaceAll('*', 'any')
  const known = scene.cast.world.names.find(resolved => resolved.name === one)
  if (known !== undefined && known.addresses.length > 0)
    return allOf(known.addresses.map(address => askPorts(need, from, [{ to: { address }, label: address }], '', scene)))
  const resolved = (address: string): Pick<Possibility, 'change'> => (scene.asksForName(one) ? { change: withName(one, address) } : {})
  const possibilities = scene.cellsAt(from, 'egress').map(({ address, label }) => ({ to: { address }, label, ...resolved(address) }))
  return askPorts(need, from, possibilities, `the address of ${name}`, scene)
}

/** Only what a rule asks of the labels of the namespace can be in doubt: the pods are known, or made as distributions make them. */
function ofDns(namespace: string, { from }: Dialler, { cast, standIns, situation, dialledBy }: Scene): Question {
  const ask = (change?: Asked['change'], label?: string): Question =>
    allOf(
      standIns.dns.map(({ ref, label: pod }): Asked => {
        const ports = 'pod' in ref ? (podNamed(situation.world, ref.pod)?.ports ?? []) : []
        const port = ports.find(({ port: number, protocol }) => protocol === 'UDP' && isDnsPort(number))?.port ?? 53
        return { kind: 'flow', from, to: ref, port, protocol: 'UDP', label: label ?? pod, ...(change === undefined ? {} : { change }) }
      }),
    )
  if (cast.namespacesKnown.has(namespace)) return ask()
  const labelled = dialledBy(from).filter(example => (example.namespace ?? namespace) === namespace && Object.keys(example.namespaceLabels).length > 0)
  return eitherOf(`the labels of namespace ${namespace}`, [
    ask(undefined, 'no labels but its name'),
    ...labelled.map(({ namespaceLabels }) => ask(withNamespaceLabels(namespace, namespaceLabels), labelWords(namespaceLabels))),
  ])
}
