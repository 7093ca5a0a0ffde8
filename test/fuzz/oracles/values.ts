import type { Answer } from '../../../src/commands/answer.ts'
import { run } from '../../../src/run.ts'
import type { RunOptions } from '../../../src/run.ts'
import type { Finding } from '../play.ts'

/** What holds of every block that `values` writes: whatever names a chart has, the filter takes it. */
export async function checkValues(stream: Buffer, options: RunOptions, { text }: Answer): Promise<Finding[]> {
  if (text === undefined) return []
  const { diagnostics } = await run(stream, { ...options, files: [{ path: 'block.yaml', text }], sets: [] })
  const refused = diagnostics.filter(({ code, severity, place }) => severity === 'error' && code.startsWith('NP2') && place?.source === 'block.yaml')
  return refused.map(({ code, message }) => ({ oracle: 'values', detail: `the block is refused: ${code} ${message}` }))
}
