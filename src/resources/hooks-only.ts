import { peek } from '../stream/peek.ts'
import type { Segment } from '../stream/split.ts'
import { YamlProblem } from '../yaml/problem.ts'
import { textAt } from '../yaml/tree.ts'
import { readYaml } from '../yaml/read.ts'

/** Whether every document of the stream is a hook: Helm's library can post-render those by themselves. */
export async function holdsOnlyHooks(stream: Buffer, segments: readonly Segment[]): Promise<boolean> {
  for (const segment of segments) {
    const seen = peek(stream, segment)
    if (seen.is === 'empty') continue
    const bytes = stream.subarray(segment.start, segment.end)
    if (!bytes.includes(hookAnnotation)) return false
    // Secrets are not parsed; the annotation's name in their bytes has to do.
    if (seen.is === 'kind' && seen.kind === 'Secret') continue
    if (!(await isHookDocument(bytes.toString()))) return false
  }
  return true
}

async function isHookDocument(text: string): Promise<boolean> {
  try {
    const trees = await readYaml({ name: 'stdin', text, firstLine: 0 }, { uniqueKeys: false })
    return trees.every(tree => textAt(tree, 'metadata', 'annotations', hookAnnotation) !== undefined)
  } catch (problem) {
    if (problem instanceof YamlProblem) return false
    throw problem
  }
}

const hookAnnotation = 'helm.sh/hook'
