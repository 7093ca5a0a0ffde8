import { Diagnostics } from '../../diagnostics/collect.ts'
import type { Diagnose } from '../../diagnostics/collect.ts'
import { namespaceNameLabel } from '../../engines/labels.ts'
import { parseAddress } from '../../net/cidr.ts'
import { boolean, checked, kindOf, list, object, oneOf, optional, orNull, text, wrongType } from '../../values/fields.ts'
import type { Field, Parsed } from '../../values/fields.ts'
import type { TextFile } from '../../values/load.ts'
import { isPortName, isPortNumber, labels, portNumber } from '../../values/peers.ts'
import { isNamespaceName } from '../../values/schema.ts'
import { YamlProblem } from '../../yaml/problem.ts'
import { readYaml } from '../../yaml/read.ts'
import { isNull, placeOf } from '../../yaml/tree.ts'
import type { JsonObject, Tree } from '../../yaml/tree.ts'
import { eachOnce, named } from './named.ts'

/** The file of `--world`: the one source of its type, its validation and its JSON Schema. */

const objectName = text('its name', '', { expected: 'a name', matches: name => name !== '' && !/[\s/]/.test(name) })
const namespaceName = text('its namespace', '', { expected: 'a namespace name', matches: isNamespaceName })
const address = text('an address', '', { expected: 'an address such as 10.1.0.5 or fd00::5', matches: value => parseAddress(value) !== undefined })
const addresses = list('its addresses; made up where there are none', address)
const protocol = oneOf('the protocol', ['TCP', 'UDP', 'SCTP'], 'TCP')
const portName = text('its name', '', { expected: 'a port name', matches: isPortName })

const namespace = checked(named(object('a namespace', { name: namespaceName, labels }, 'Namespace'), ['name']), ({ name, labels: given }) => {
  const label = given[namespaceNameLabel]
  return label === undefined || label === name ? undefined : `has the label ${namespaceNameLabel}: ${label}, where the API server puts its name`
})

const podPort = checked(
  object('a port that a container declares', { name: optional(portName), port: portNumber, protocol }, 'ContainerPort'),
  ({ port }) => (port === undefined ? 'needs a port' : undefined),
  { required: ['port'] },
)

const pod = named(
  object(
    'a pod',
    {
      namespace: namespaceName,
      name: objectName,
      labels,
      serviceAccount: text('its ServiceAccount', 'default', { expected: 'a name', matches: name => name !== '' }),
      addresses,
      ports: list('the ports that its containers declare', podPort),
    },
    'Pod',
  ),
  ['namespace', 'name'],
)

const node = named(object('a node', { name: objectName, labels, addresses, local: boolean('the pods of the stream run on it', false) }, 'Node'), ['name'])

const servicePort = checked(
  object('a port', { name: optional(portName), port: portNumber, targetPort: optional(portReference()), protocol }, 'ServicePort'),
  ({ port }) => (port === undefined ? 'needs a port' : undefined),
  { required: ['port'] },
)

const service = checked(
  named(
    object(
      'a Service',
      {
        namespace: namespaceName,
        name: objectName,
        labels,
        clusterAddresses: list('its cluster addresses', address),
        selector: optional(labels),
        addresses: list('of its endpoints, where no selector chooses pods', address),
        ports: list('its ports', servicePort),
      },
      'Service',
    ),
    ['namespace', 'name'],
  ),
  ({ selector, addresses: endpoints }) => (selector !== undefined && endpoints.length > 0 ? 'has a selector beside addresses of endpoints' : undefined),
)

const serviceAccount = named(object('a ServiceAccount', { namespace: namespaceName, name: objectName, labels }, 'ServiceAccount'), ['namespace', 'name'])

const apiserver = checked(
  object('the kube-apiserver', { addresses: list('of its endpoints, not of its Service', address), port: portNumber }, 'Apiserver'),
  ({ addresses: endpoints }) => (endpoints.length === 0 ? 'needs the addresses of its endpoints' : undefined),
  { required: ['addresses'] },
)

const resolvedName = named(
  object(
    'a name, and what it resolves to',
    { name: text('a DNS name', '', { expected: 'a DNS name', matches: isDnsName }), addresses: list('its addresses', address) },
    'ResolvedName',
  ),
  ['name'],
)

export const worldFile = object('who is in the cluster beside the pods of the stream', {
  namespaces: eachOnce(list('namespaces, with their labels; `kubernetes.io/metadata.name` need not be given', namespace)),
  pods: eachOnce(list('pods that may be callers or destinations', pod)),
  nodes: eachOnce(list('nodes', node)),
  services: eachOnce(list('Services', service)),
  serviceAccounts: eachOnce(list('ServiceAccounts, with their labels', serviceAccount)),
  apiserver: optional(apiserver),
  names: eachOnce(list('what DNS names outside of the cluster resolve to', resolvedName)),
})

export type WorldFile = Parsed<typeof worldFile>

/** Reads the file; every mistake is told with its line and column. Undefined where there is one. */
export async function readWorldFile(file: TextFile, diagnose: Diagnose): Promise<WorldFile | undefined> {
  if ('problem' in file) {
    diagnose('NP804', { problem: `it cannot be read: ${file.problem}` }, { source: file.path, line: 0, column: 0 })
    return undefined
  }
  const told = new Diagnostics({ strict: false, root: 'networkPolicy' })
  const tree = await readTree(file, told.diagnose)
  const parsed = tree === undefined || told.failed ? worldFile.absent : worldFile.parse(tree, '', told.diagnose)
  for (const { message, place } of told.all) diagnose('NP804', { problem: message }, place)
  return told.failed ? undefined : parsed
}

/** Undefined for an empty file. */
async function readTree({ path, text: written }: TextFile & { readonly text: string }, diagnose: Diagnose): Promise<Tree | undefined> {
  try {
    const [tree, another] = await readYaml({ name: path, text: written, firstLine: 0 }, { uniqueKeys: true })
    if (another !== undefined) diagnose('NP201', { problem: 'the file holds more than one document' }, placeOf(another))
    if (tree !== undefined && tree.kind !== 'mapping' && !isNull(tree))
      diagnose('NP204', { path: 'all of it', expected: 'a mapping', got: kindOf(tree) }, placeOf(tree))
    return tree
  } catch (problem) {
    if (!(problem instanceof YamlProblem)) throw problem
    for (const { place, message } of problem.mistakes) diagnose('NP201', { problem: message }, place)
    return undefined
  }
}

/** JSON Schema (draft 7) of the file. */
export function worldSchema(): JsonObject {
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'helm-netpol world', ...orNull(worldFile.schema()) }
}

/** A number, or the name that the pods give it. */
function portReference(): Field<number | string | undefined> {
  return {
    describe: 'what the pods are dialled at; as `port` where it is not given',
    type: 'port number or name',
    absent: undefined,
    schema: () => ({ anyOf: [portNumber.schema(), { type: 'string' }] }),
    parse(tree, path, diagnose) {
      const value = tree.kind === 'scalar' ? tree.value : undefined
      if (isPortNumber(value) || (typeof value === 'string' && isPortName(value))) return value
      wrongType(tree, path, 'a port from 1 to 65535 or a port name', diagnose)
      return undefined
    },
  }
}

function isDnsName(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?(\.[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?)+$/.test(name)
}
