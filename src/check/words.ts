import { formatPlace } from '../diagnostics/format.ts'
import type { Direction } from '../verdict/contract.ts'
import type { CheckedFlow, DecidingDocument, Side, UnknownText } from './model.ts'

/** `a call from kube-apiserver at 9443/TCP (webhook)`. */
export function flowWords({ from, to, port }: CheckedFlow, direction: Direction): string {
  if (direction === 'ingress') return `calls from ${from}${port === '' ? '' : ` at ${port}`}`
  return `${to}${port === '' || to.includes(':') ? '' : ` at ${port}`}`
}

/** What the policies of one end say, and which of them. */
export function sideWords(side: Side): string {
  const documents = side.documents.map(({ document, rule }) => (rule === undefined ? document : `${document} ${rule}`)).join(', ')
  switch (side.by) {
    case 'rule':
      if (!side.allowed) return `${documents} denies it`
      return `${documents} allows it${side.proviso === undefined ? '' : `, if ${side.proviso}`}`
    case 'lock':
      return `no rule of ${documents} allows it`
    case 'nothing':
      return 'no policy selects the pod'
    case 'engine':
      return side.reason ?? ''
  }
}

/** Where a document stands: in the values, in the stream, or why it is there. */
export function placeWords({ values, place, because }: DecidingDocument): string {
  if (values !== undefined) return formatPlace(values)
  return place === undefined ? (because ?? '') : formatPlace(place)
}

/** What an unknown verdict hangs on. */
export function unknownWords({ what, through, cut }: UnknownText): string {
  const sides = [...(through.length === 0 ? [] : [`allowed for ${few(through)}`]), ...(cut.length === 0 ? [] : [`denied for ${few(cut)}`])]
  return sides.length === 0 ? what : `${what}: ${sides.join('; ')}`
}

function few(labels: readonly string[]): string {
  return `${labels.slice(0, most).join(', or ')}${labels.length > most ? ` and ${labels.length - most} more` : ''}`
}

const most = 3
