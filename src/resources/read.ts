import type { Diagnose } from '../diagnostics/collect.ts'
import { isUtf8 } from '../node.ts'
import { LineIndex } from '../stream/lines.ts'
import { peek } from '../stream/peek.ts'
import type { Segment } from '../stream/split.ts'
import { YamlProblem } from '../yaml/problem.ts'
import { readYaml } from '../yaml/read.ts'
import { itemsAt, textAt } from '../yaml/tree.ts'
import type { Source, Tree } from '../yaml/tree.ts'
import { couldMatter, matters } from './kinds.ts'
import { toResource } from './resource.ts'
import type { ObjectType, Resource } from './resource.ts'

/** What a user calls the stream. */
const stdin = 'stdin'

/** Objects of the kinds that matter, in the stream's order, items of Lists included. What cannot be read and may matter is a diagnostic; all else stays unread. */
export async function readResources(stream: Buffer, segments: readonly Segment[], diagnose: Diagnose): Promise<Resource[]> {
  return readSegments(
    stream,
    segments.filter(segment => mayMatter(stream, segment)),
    diagnose,
  )
}

export function mayMatter(stream: Buffer, segment: Segment): boolean {
  const seen = peek(stream, segment)
  if (seen.is === 'empty') return false
  const bytes = (): Buffer => stream.subarray(segment.start, segment.end)
  return seen.is === 'kind' ? matters(seen.kind, bytes) : couldMatter(bytes())
}

/** Objects of further kinds, each only where its bytes hold one of the words. */
export async function readKinds(
  stream: Buffer,
  segments: readonly Segment[],
  wanted: readonly { readonly kinds: readonly string[]; readonly words: readonly string[] }[],
  diagnose: Diagnose,
  name = stdin,
): Promise<Resource[]> {
  const wants = (segment: Segment): boolean => {
    const seen = peek(stream, segment)
    if (seen.is === 'empty' || (seen.is === 'kind' && seen.kind === 'Secret')) return false
    const listed = seen.is !== 'kind' || seen.kind.endsWith('List')
    if (!listed && !wanted.some(({ kinds }) => kinds.includes(seen.kind))) return false
    const bytes = stream.subarray(segment.start, segment.end)
    return wanted.some(
      ({ kinds, words }) => (listed ? kinds.some(kind => bytes.includes(kind)) : kinds.includes(seen.kind)) && words.some(word => bytes.includes(word)),
    )
  }
  const resources = await readSegments(stream, segments.filter(wants), diagnose, name)
  return resources.filter(({ kind }) => wanted.some(({ kinds }) => kinds.includes(kind)))
}

/** The objects of the given segments, whatever their kind. `name`: of the stream, in places; `typed`: items may leave their kind to their List's. */
export async function readSegments(stream: Buffer, segments: readonly Segment[], diagnose: Diagnose, name = stdin, typed = false): Promise<Resource[]> {
  const resources: Resource[] = []
  const lines = new LineIndex(stream)
  for (const segment of segments) {
    const trees = await readSegment(new StreamSource(name, stream, segment, lines), stream, segment, diagnose)
    for (const tree of trees) for (const resource of unlist(tree, segment, trees.length > 1, typed)) resources.push(resource)
  }
  return resources
}

async function readSegment(source: Source, stream: Buffer, segment: Segment, diagnose: Diagnose): Promise<Tree[]> {
  const bytes = stream.subarray(segment.start, segment.end)
  const document = { document: segment.index + 1, file: source.name === stdin ? undefined : source.name }
  if (!isUtf8(bytes)) {
    diagnose('NP101', { ...document, problem: 'it is not valid UTF-8' }, { source: source.name, line: source.firstLine + 1, column: 1 })
    return []
  }
  try {
    return await readYaml(source, { uniqueKeys: false })
  } catch (problem) {
    if (!(problem instanceof YamlProblem)) throw problem
    for (const { place, message } of problem.mistakes) diagnose('NP101', { ...document, problem: message }, place)
    return []
  }
}

/** The items of a List (Helm 3 keeps Lists), or the object itself. `type`: what it is where it does not say so itself. */
function unlist(tree: Tree, segment: Segment, shared: boolean, typed: boolean, type?: ObjectType): Resource[] {
  const kind = textAt(tree, 'kind')
  if (kind?.endsWith('List') === true && itemsAt(tree, 'items').length > 0) {
    const itemType = typed && kind !== 'List' ? { apiVersion: textAt(tree, 'apiVersion') ?? '', kind: kind.slice(0, -'List'.length) } : undefined
    return itemsAt(tree, 'items').flatMap(item => unlist(item, segment, true, typed, itemType))
  }
  const resource = toResource(tree, segment, shared, type)
  return resource === undefined ? [] : [resource]
}

/** A segment as a source of places. */
class StreamSource implements Source {
  readonly name: string
  readonly text: string
  private readonly start: number
  private readonly lines: LineIndex

  constructor(name: string, stream: Buffer, { start, end }: Segment, lines: LineIndex) {
    this.name = name
    this.text = stream.toString('utf8', start, end)
    this.start = start
    this.lines = lines
  }

  get firstLine(): number {
    return this.lines.before(this.start)
  }
}
