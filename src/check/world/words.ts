import { parseAddress } from '../../net/cidr.ts'
import { optional, text, wrongType } from '../../values/fields.ts'
import type { Field } from '../../values/fields.ts'
import { isPortName, isPortNumber, portNumber } from '../../values/peers.ts'
import { isNamespaceName, namespacePattern } from '../../values/schema.ts'
import type { JsonObject } from '../../yaml/tree.ts'
import { addressPattern } from './address-pattern.ts'

/** The words of a world file: names, ports and addresses, each with what its JSON Schema can say of it. */

export function objectName(describe: string, absent = ''): Field<string> {
  const pattern = '^[^\\s/]+$'
  return text(describe, absent, { expected: 'a name', matches: name => new RegExp(pattern).test(name), schema: { pattern } })
}

export function namespaceName(describe: string): Field<string> {
  return text(describe, '', { expected: 'a namespace name', matches: isNamespaceName, schema: { pattern: `^${namespacePattern}$` } })
}

/** Two parts or more: a name of one part is looked up within the cluster. */
export const dnsName = text('a DNS name', '', {
  expected: 'a DNS name of two parts or more, in small letters and without a dot at its end',
  matches: isDnsName,
  schema: { pattern: dnsPattern(), maxLength: 253 },
})

function isDnsName(name: string): boolean {
  return name.length <= 253 && new RegExp(dnsPattern()).test(name)
}

function dnsPattern(): string {
  const part = '[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?'
  return `^${part}(\\.${part})+$`
}

/** What `isPortName` takes: a letter, and no two dashes beside each other. */
const portNameSchema: JsonObject = { type: 'string', maxLength: 15, pattern: '^([0-9]+-)*[0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*$' }

export const portName = optional(text('its name', '', { expected: 'a port name', matches: isPortName, schema: portNameSchema }))

/** A number, or the name that the pods give it. */
export const portReference: Field<number | string | undefined> = optional({
  describe: 'what the pods are dialled at; as `port` where it is not given',
  type: 'port number or name',
  absent: undefined,
  schema: () => ({ anyOf: [portNumber.schema(), portNameSchema] }),
  parse(tree, path, diagnose) {
    const value = tree.kind === 'scalar' ? tree.value : undefined
    if (isPortNumber(value) || (typeof value === 'string' && isPortName(value))) return value
    wrongType(tree, path, 'a port from 1 to 65535 or a port name', diagnose)
    return undefined
  },
})

/** Its schema stands once, in the definitions of the whole. */
export const address: Field<string> = {
  ...text('an address', '', { expected: 'an address such as 10.1.0.5 or fd00::5', matches: value => parseAddress(value) !== undefined }),
  schema: () => ({ $ref: '#/definitions/address' }),
}

/** Patterns, and no `format`: what a validator makes of one is left to it. */
export const definitions: JsonObject = {
  address: { type: 'string', description: 'an address such as 10.1.0.5 or fd00::5', anyOf: [{ pattern: addressPattern(4) }, { pattern: addressPattern(6) }] },
}
