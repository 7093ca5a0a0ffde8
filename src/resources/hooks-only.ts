import { peek } from '../stream/peek.ts'
import type { Segment } from '../stream/split.ts'
import { textAt } from '../yaml/tree.ts'
import { readYaml } from '../yaml/read.ts'

/** Whether every document of the stream is a hook: Helm's library can post-render those by themselves. */
export async function holdsOnlyHooks(stream: Buffer, segments: readonly Segment[]): Promise<boolean> {
  for (const segment of segments) {
    const bytes = stream.subarray(segment.start, segment.end)
    const seen = peek(bytes)
    if (seen.is === 'empty') continue
    if (!bytes.includes(hookAnnotation)) return false
    // Secrets are not parsed; the annotation's name in their bytes has to do.
    if (seen.is === 'kind' && seen.kind === 'Secret') continue
    const trees = await readYaml({ name: 'stdin', text: bytes.toString(), firstLine: 0 }, { uniqueKeys: false })
    if (!trees.every(tree => textAt(tree, 'metadata', 'annotations', hookAnnotation) !== undefined)) return false
  }
  return true
}

const hookAnnotation = 'helm.sh/hook'
