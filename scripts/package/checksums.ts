import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { place } from './folder.ts'

/** SHA-256 of each file, by name. */
export function sumsOf(out: string, files: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    files.map(name => [
      name,
      createHash('sha256')
        .update(readFileSync(join(out, name)))
        .digest('hex'),
    ]),
  )
}

/** `SHA256SUMS`, as `sha256sum --check` reads it. */
export function makeChecksums(out: string, sums: ReadonlyMap<string, string>): string {
  const lines = [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, sum]) => `${sum}  ${name}\n`)
  place(join(out, 'SHA256SUMS'), lines.join(''))
  return 'SHA256SUMS'
}
