import { Diagnostics } from '../../diagnostics/collect.ts'
import type { Diagnose } from '../../diagnostics/collect.ts'
import { namespaceNameLabel } from '../../engines/labels.ts'
import { boolean, checked, kindOf, list, object, oneOf, optional, orNull } from '../../values/fields.ts'
import type { Parsed } from '../../values/fields.ts'
import type { TextFile } from '../../values/load.ts'
import { tellMistakes } from '../../values/mistakes.ts'
import { labels, portNumber } from '../../values/peers.ts'
import { readYaml } from '../../yaml/read.ts'
import { isNull, placeOf } from '../../yaml/tree.ts'
import type { JsonObject, Tree } from '../../yaml/tree.ts'
import { eachOnce, requiring } from './entries.ts'
import { address, definitions, dnsName, namespaceName, objectName, portName, portReference } from './words.ts'

/** The file of `--world`: the one source of its type, its validation and its JSON Schema. */

const addresses = list('its addresses; made up where there are none', address)
const protocol = oneOf('the protocol', ['TCP', 'UDP', 'SCTP'], 'TCP')

const namespace = checked(requiring(object('a namespace', { name: namespaceName('its name'), labels }, 'Namespace'), ['name']), ({ name, labels: given }) => {
  const label = given[namespaceNameLabel]
  return label === undefined || label === name ? undefined : `has the label ${namespaceNameLabel}: ${label}, where the API server puts its name`
})

const podPort = requiring(object('a port that a container declares', { name: portName, port: portNumber, protocol }, 'ContainerPort'), ['port'])

const pod = requiring(
  object(
    'a pod',
    {
      namespace: namespaceName('its namespace'),
      name: objectName('its name'),
      labels: optional(labels),
      serviceAccount: optional(objectName('its ServiceAccount; default')),
      addresses,
      ports: optional(list('the ports that its containers declare', podPort)),
    },
    'Pod',
  ),
  ['namespace', 'name'],
)

const node = requiring(
  object('a node', { name: objectName('its name'), labels, addresses, local: boolean('the pods of the stream run on it', false) }, 'Node'),
  ['name'],
)

const servicePort = requiring(object('a port', { name: portName, port: portNumber, targetPort: portReference, protocol }, 'ServicePort'), ['port'])

const service = checked(
  requiring(
    object(
      'a Service',
      {
        namespace: namespaceName('its namespace'),
        name: objectName('its name'),
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
  {
    not: {
      type: 'object',
      required: ['selector', 'addresses'],
      properties: { selector: { type: 'object' }, addresses: { type: 'array', minItems: 1 } },
    },
  },
)

const serviceAccount = requiring(
  object('a ServiceAccount', { namespace: namespaceName('its namespace'), name: objectName('its name'), labels }, 'ServiceAccount'),
  ['namespace', 'name'],
)

const apiserver = requiring(
  object('the kube-apiserver', { addresses: list('of its endpoints, not of its Service', address), port: portNumber }, 'Apiserver'),
  ['addresses'],
  'the addresses of its endpoints',
)

const resolvedName = requiring(object('a name, and what it resolves to', { name: dnsName, addresses: list('its addresses', address) }, 'ResolvedName'), [
  'name',
])

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
    tellMistakes(problem, diagnose)
    return undefined
  }
}

/** JSON Schema (draft 7) of the file. */
export function worldSchema(): JsonObject {
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'helm-netpol world', ...orNull(worldFile.schema()), definitions }
}
