import { formatPlace } from '../diagnostics/format.ts'
import { title } from '../resources/resource.ts'
import type { Resource } from '../resources/resource.ts'
import type { Direction } from '../verdict/contract.ts'
import type { CheckedFlow, DecidingDocument, Side, UnknownText } from './model.ts'

/** `NetworkPolicy shop/web`, of Calico's kinds `Calico NetworkPolicy shop/web`: Kubernetes has one that is called the same. */
export function policyTitle(policy: Resource): string {
  return `${calicoGroups.test(policy.apiVersion) ? 'Calico ' : ''}${title(policy)}`
}

const calicoGroups = /^(crd\.)?projectcalico\.org\//

/** `a call from kube-apiserver at 9443/TCP (webhook)`. */
export function flowWords({ from, to, port }: CheckedFlow, direction: Direction): string {
  if (direction === 'ingress') return `calls from ${from}${port === '' ? '' : ` at ${port}`}`
  return `${to}${port === '' || to.includes(':') ? '' : ` at ${port}`}`
}

/** What the policies of one end say, and which of them. */
export function sideWords(side: Side): string {
  const documents = side.documents.map(documentWords).join(', ')
  switch (side.by) {
    case 'rule':
      if (!side.allowed) return `${documents} denies it`
      return `${documents} allows it${side.proviso === undefined ? '' : `, if ${side.proviso}`}`
    case 'lock':
      return `no rule of ${documents} allows it`
    case 'nothing':
      return idleWords(side.documents)
    case 'engine':
      return side.reason ?? ''
  }
}

function documentWords({ document, rule }: DecidingDocument): string {
  return rule === undefined ? document : `${document} ${rule}`
}

/** Policies that decide nothing: by a rule that hands it on, or since none of their rules matches. */
function idleWords(documents: readonly DecidingDocument[]): string {
  if (documents.length === 0) return 'no policy selects the pod'
  const { passing, others } = byRule(documents)
  const passed = passing.length === 0 ? [] : [`${few(passing.map(documentWords), ', ')} ${passing.length === 1 ? 'passes' : 'pass'} it on`]
  const left = others.length === 0 ? [] : [`${few(others.map(documentWords), ', ')} ${others.length === 1 ? 'leaves' : 'leave'} it alone`]
  return [...passed, ...(others.length === 0 ? ['nothing below denies it'] : left)].join(', and ')
}

function byRule(documents: readonly DecidingDocument[]): { readonly passing: readonly DecidingDocument[]; readonly others: readonly DecidingDocument[] } {
  return { passing: documents.filter(({ rule }) => rule !== undefined), others: documents.filter(({ rule }) => rule === undefined) }
}

/** The documents whose places are worth showing: of those that decide nothing, the ones that are named. */
export function shownDocuments({ by, documents }: Side): readonly DecidingDocument[] {
  if (by !== 'nothing') return documents
  const { passing, others } = byRule(documents)
  return [...passing.slice(0, most), ...others.slice(0, most)]
}

/** Where a document stands: in the values, in the stream, or why it is there. */
export function placeWords({ values, place, because }: DecidingDocument): string {
  if (values !== undefined) return formatPlace(values)
  if (place !== undefined) return formatPlace(place)
  return because === 'the default' ? 'the port that is usual, for neither the values nor the stream name one' : (because ?? '')
}

/** What an unknown verdict hangs on. */
export function unknownWords({ what, through, cut }: UnknownText): string {
  const sides = [...(through.length === 0 ? [] : [`allowed for ${few(through, ', or ')}`]), ...(cut.length === 0 ? [] : [`denied for ${few(cut, ', or ')}`])]
  return sides.length === 0 ? what : `${what}: ${sides.join('; ')}`
}

function few(labels: readonly string[], separator: string): string {
  return `${labels.slice(0, most).join(separator)}${labels.length > most ? ` and ${labels.length - most} more` : ''}`
}

const most = 3
