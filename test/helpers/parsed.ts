import { isAlias, isMap, isPair, isScalar, isSeq, parseAllDocuments } from 'yaml'

/** What a stream says, a text for each document with content: its tags, anchors and scalars. Undefined where it is no YAML. */
export function parsed(stream: string): string[] | undefined {
  // `yaml` counts the mark as a column.
  const text = stream.replace(/^\ufeff/, '')
  const documents = [parseAllDocuments(text, { schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' })].flat()
  if (documents.some(({ errors }) => errors.length > 0)) return undefined
  return documents.map(({ contents }) => toText(contents)).flatMap(said => (said === nothing ? [] : [JSON.stringify(said)]))
}

const nothing = 'nothing'

function toText(node: unknown): unknown {
  if (isAlias(node)) return ['*', node.source]
  if (isPair(node)) return [toText(node.key), toText(node.value)]
  if (isMap(node) || isSeq(node)) return [isMap(node) ? 'map' : 'seq', node.anchor, node.tag, ...node.items.map(toText)]
  if (isScalar(node) && (node.value !== '' || node.type !== 'PLAIN' || node.anchor !== undefined || node.tag !== undefined))
    return ['scalar', node.anchor, node.tag, node.type, node.value]
  return nothing
}
