import { isMapped } from '../../net/cidr.ts'
import type { Cidr } from '../../net/cidr.ts'
import { parseNet, protocolNumber } from '../../passthrough/calico.ts'
import { at, itemsAt, textAt } from '../../yaml/tree.ts'
import type { Tree } from '../../yaml/tree.ts'
import type { Direction } from '../contract.ts'
import { textsIn } from './texts.ts'

export interface CalicoRule {
  readonly action: CalicoAction
  readonly ipVersion: 4 | 6 | undefined
  /** By its number in IP; undefined: any. */
  readonly protocol: number | undefined
  readonly notProtocol: number | undefined
  readonly source: CalicoEntity
  readonly destination: CalicoEntity
  /** `spec.ingress[0]` */
  readonly path: string
  readonly tree: Tree
}

export type CalicoAction = 'Allow' | 'Deny' | 'Pass' | 'Log'

/** One end of the traffic; what is undefined or empty says nothing of it. */
export interface CalicoEntity {
  readonly selector: string | undefined
  readonly notSelector: string | undefined
  readonly namespaceSelector: string | undefined
  readonly serviceAccounts: { readonly names: readonly string[]; readonly selector: string | undefined }
  readonly service: ServiceName | undefined
  readonly nets: readonly Cidr[]
  readonly notNets: readonly Cidr[]
  readonly ports: readonly CalicoPort[]
  readonly notPorts: readonly CalicoPort[]
}

export interface ServiceName {
  readonly namespace: string
  readonly name: string
}

export type CalicoPort =
  | { readonly kind: 'range'; readonly first: number; readonly last: number }
  /** A port of the pods at that end, by the name that a container gives it. */
  | { readonly kind: 'name'; readonly name: string }

/** The rules of a policy that was checked. */
export function toCalicoRules(spec: Tree | undefined, direction: Direction): CalicoRule[] {
  return itemsAt(spec, direction).map((tree, index) => ({
    action: actionOf(textAt(tree, 'action')),
    ipVersion: versionOf(at(tree, 'ipVersion')),
    protocol: protocolOf(at(tree, 'protocol')),
    notProtocol: protocolOf(at(tree, 'notProtocol')),
    source: toEntity(at(tree, 'source')),
    destination: toEntity(at(tree, 'destination')),
    path: `spec.${direction}[${index}]`,
    tree,
  }))
}

function actionOf(word: string | undefined): CalicoAction {
  return word === 'Allow' || word === 'Pass' || word === 'Log' ? word : 'Deny'
}

function versionOf(tree: Tree | undefined): 4 | 6 | undefined {
  const number = wordOf(tree)
  return number === '4' ? 4 : number === '6' ? 6 : undefined
}

const protocols: Readonly<Record<string, number>> = { ICMP: 1, TCP: 6, UDP: 17, ICMPv6: 58, SCTP: 132, UDPLite: 136 }

function protocolOf(tree: Tree | undefined): number | undefined {
  const word = wordOf(tree)
  return protocols[word] ?? protocolNumber({ value: word })
}

/** A number as JSON has it, however YAML writes it; what is not there is a word that means nothing. */
function wordOf(tree: Tree | undefined): string {
  return String(tree?.kind === 'scalar' ? tree.value : tree)
}

function toEntity(tree: Tree | undefined): CalicoEntity {
  const name = textAt(tree, 'services', 'name')
  return {
    selector: textAt(tree, 'selector') || undefined,
    notSelector: textAt(tree, 'notSelector') || undefined,
    namespaceSelector: textAt(tree, 'namespaceSelector') || undefined,
    serviceAccounts: {
      names: textsIn(tree, 'serviceAccounts', 'names'),
      selector: textAt(tree, 'serviceAccounts', 'selector') || undefined,
    },
    service: name === undefined ? undefined : { namespace: textAt(tree, 'services', 'namespace') ?? '', name },
    nets: toNets(textsIn(tree, 'nets')),
    notNets: toNets(textsIn(tree, 'notNets')),
    ports: itemsAt(tree, 'ports').map(toPort),
    notPorts: itemsAt(tree, 'notPorts').map(toPort),
  }
}

/** Blocks that were checked. */
export function toNets(blocks: readonly string[]): Cidr[] {
  return blocks.map(toNet).filter(net => net !== undefined)
}

/** A block as Go reads it: an IPv4 address that is written as an IPv6 one is what it stands for. */
export function toNet(text: string): Cidr | undefined {
  const net = parseNet(text)
  return net !== undefined && isMapped(net) ? { version: 4, address: net.address & 0xffff_ffffn, prefix: net.prefix - 96 } : net
}

function toPort(tree: Tree): CalicoPort {
  const word = wordOf(tree)
  const numbers = /^(\d+)(?::(\d+))?$/.exec(word)
  return numbers === null ? { kind: 'name', name: word } : { kind: 'range', first: Number(numbers[1]), last: Number(numbers[2] ?? numbers[1]) }
}
