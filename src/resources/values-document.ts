import type { Diagnose } from '../diagnostics/collect.ts'
import { peek } from '../stream/peek.ts'
import { split } from '../stream/split.ts'
import type { Segment } from '../stream/split.ts'
import { wrongValues } from '../values/fields.ts'
import { at, isNull } from '../yaml/tree.ts'
import type { Tree } from '../yaml/tree.ts'
import { valuesKind } from './kinds.ts'
import { readSegments } from './read.ts'
import { placeIn } from './resource.ts'

/** Values that a chart author templates into the stream; the document never reaches the cluster. */
export interface ValuesDocument {
  readonly values: Tree | undefined
  /** Index of its segment. */
  readonly segment: number
}

export const valuesVersion = 'helm-netpol/v1alpha1'

/** The stream's NetworkPolicyValues document, if it has one; a scan of the bytes where it has none. */
export async function findValuesDocument(stream: Buffer, diagnose: Diagnose): Promise<ValuesDocument | undefined> {
  if (!stream.includes(valuesKind)) return undefined
  const candidates = split(stream).filter(segment => mayBeValues(stream, segment))
  const resources = await readSegments(stream, candidates, diagnose)
  const documents = resources.filter(resource => resource.kind === valuesKind && group(resource.apiVersion) === group(valuesVersion))
  const [resource, another] = documents
  if (resource === undefined) return undefined
  if (another !== undefined) diagnose('NP102', { count: documents.length }, placeIn(another))
  if (resource.shared) diagnose('NP105', {}, placeIn(resource))
  if (resource.apiVersion !== valuesVersion) diagnose('NP103', { apiVersion: resource.apiVersion }, placeIn(resource))
  const values = at(resource.tree, 'spec')
  if (values !== undefined && values.kind !== 'mapping' && !isNull(values)) wrongValues(values, 'spec', 'a mapping of values', diagnose)
  return { values, segment: resource.segment.index }
}

function mayBeValues(stream: Buffer, segment: Segment): boolean {
  const seen = peek(stream, segment)
  if (seen.is === 'empty' || !stream.subarray(segment.start, segment.end).includes(valuesKind)) return false
  return seen.is === 'unsure' || (seen.is === 'kind' && (seen.kind === valuesKind || seen.kind.endsWith('List')))
}

function group(version: string): string {
  return version.split('/')[0] ?? ''
}
