import type { Cluster } from '../cli.ts'
import type { RunOptions } from '../run.ts'
import type { Answer } from './explain.ts'
import { explain, formatNames, isFormat } from './explain.ts'
import { values } from './values.ts'

/** The commands beside the filter. They are bundled apart, so that the filter's start does not carry them. */

export interface Terminal {
  readonly width: number
  readonly color: boolean
}

/** A wrong word of the command line, or something outside that failed; its text is for the user. */
export class CommandProblem extends Error {
  /** 2 for wrong usage. */
  readonly code: 1 | 2

  constructor(message: string, code: 1 | 2) {
    super(message)
    this.code = code
  }
}

export async function runExplain(stream: Buffer, options: RunOptions, format: string, terminal: Terminal): Promise<Answer> {
  if (!isFormat(format)) throw new CommandProblem(`--format ${JSON.stringify(format)} is none of ${formatNames.join(', ')}`, 2)
  return explain(stream, { ...options, ...terminal, format })
}

export async function runValues(stream: Buffer, options: RunOptions, cluster: Cluster | undefined): Promise<Answer> {
  if (options.files.length > 0 || options.sets.length > 0)
    throw new CommandProblem('helm-netpol values writes a new block, and takes no --values and no --set; give --engine, --controller and --namespace', 2)
  if (cluster === undefined) return values(stream, options, undefined)
  // kubectl's runner is loaded only where a cluster is asked.
  const { askApiserver, ClusterProblem } = await import('./cluster.ts')
  try {
    return await values(stream, options, await askApiserver(cluster))
  } catch (problem) {
    if (problem instanceof ClusterProblem) throw new CommandProblem(problem.message, 1)
    throw problem
  }
}
