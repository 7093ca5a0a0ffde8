import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { peakMegabytes, ratio, median, timeJobs } from './measure.ts'
import type { Job } from './measure.ts'
import { findPeers } from './peers.ts'
import { emptyNode, ours } from './start.ts'
import { chartStreams, crowdedStreams, largeStreams } from './streams.ts'
import type { BenchStream } from './streams.ts'
import { megabytes, rounds, shown, size, table } from './table.ts'

/** Rendered charts against an empty node. */
export function usualTable(): string {
  const rows = chartStreams().map(stream => {
    const [empty, run] = timeJobs([emptyNode(stream.path), ours(stream.path)], rounds(31))
    return empty === undefined || run === undefined
      ? []
      : [stream.name, size(stream.bytes), String(stream.documents), median(empty).toFixed(0), median(run).toFixed(0), shown(ratio(run, empty))]
  })
  return table(['rendered chart', 'size', 'documents', 'empty node, ms', 'helm-netpol, ms', 'ratio (middle half)'], rows)
}

/** Made streams of all sizes against an empty node and a copy from stdin to stdout. */
export function largeTable(scratch: string): string {
  const rows = largeStreams(scratch).map(stream => {
    const jobs = [emptyNode(stream.path), copy(stream, scratch), ours(stream.path)] as const
    const [empty, copied, run] = timeJobs(jobs, rounds(stream.bytes > 1e7 ? 11 : 31))
    if (empty === undefined || copied === undefined || run === undefined) return []
    const times = [empty, copied, run].map(timing => median(timing).toFixed(0))
    return [stream.name, ...times, shown(ratio(run, empty)), shown(ratio(run, copied)), megabytes(peakMegabytes(copied.job)), megabytes(peakMegabytes(run.job))]
  })
  return table(['stream', 'empty node, ms', 'copy, ms', 'helm-netpol, ms', 'to the empty node', 'to the copy', 'peak of the copy', 'peak of helm-netpol'], rows)
}

/** One size, ever more documents. */
export function crowdTable(scratch: string): string {
  const rows = crowdedStreams(scratch).map(stream => {
    const [copied, run] = timeJobs([copy(stream, scratch), ours(stream.path)], rounds(11))
    return copied === undefined || run === undefined
      ? []
      : [stream.name, String(stream.documents), median(copied).toFixed(0), median(run).toFixed(0), shown(ratio(run, copied)), megabytes(peakMegabytes(run.job))]
  })
  return table(['documents', 'how many', 'copy, ms', 'helm-netpol, ms', 'to the copy', 'peak of helm-netpol'], rows)
}

/** Other tools at streams of 4 MB, each adding one policy that was written by hand. */
export async function peerTable(scratch: string): Promise<string> {
  const peers = await findPeers()
  const streams = [...chartStreams(), ...largeStreams(scratch)].filter(({ bytes }) => bytes > 3e6 && bytes < 6e6)
  const rows = streams.flatMap(stream =>
    peers.flatMap(peer => {
      if (peer.path === undefined) return []
      const [run, other] = timeJobs([ours(stream.path), peer.job(peer.path, stream, scratch)], rounds(7))
      return run === undefined || other === undefined
        ? []
        : [
            [
              `${stream.name}: ${peer.name}`,
              size(stream.bytes),
              median(other).toFixed(0),
              median(run).toFixed(0),
              shown(ratio(other, run)),
              megabytes(peakMegabytes(other.job)),
              megabytes(peakMegabytes(run.job)),
            ],
          ]
    }),
  )
  const absent = peers.filter(({ path }) => path === undefined).map(({ missing }) => `\n\nNot measured: ${missing}.`)
  return `${table(['stream: peer', 'size', 'peer, ms', 'helm-netpol, ms', 'times as long', 'peak of the peer', 'peak of helm-netpol'], rows)}${absent.join('')}`
}

/** What any Node program has to do: from stdin to stdout. */
function copy(stream: BenchStream, scratch: string): Job {
  const path = join(scratch, 'copy.mjs')
  writeFileSync(path, "import { pipeline } from 'node:stream/promises'\nawait pipeline(process.stdin, process.stdout)\n")
  return { name: 'copy', command: [process.execPath, path], stdin: stream.path }
}
