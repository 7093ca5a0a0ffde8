import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { create } from 'tar'

/** Writes a file with a mode that the umask of whoever packages has no part in. */
export function place(file: string, content: string | Buffer, executable = false): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
  chmodSync(file, executable ? 0o755 : 0o644)
}

/** Copies a file or a folder; who may execute a file stays. */
export function copy(from: string, to: string): void {
  const stat = statSync(from)
  if (stat.isDirectory()) for (const name of readdirSync(from)) copy(join(from, name), join(to, name))
  else place(to, readFileSync(from), (stat.mode & 0o100) !== 0)
}

/** Packs a folder so that the same files give the same bytes: sorted, of one time, of nobody. */
export async function pack(folder: string, file: string): Promise<void> {
  const parent = dirname(folder)
  await create(
    { file, cwd: parent, gzip: { level: 6 }, portable: true, mtime: new Date(0), strict: true },
    filesIn(folder).map(path => path.slice(parent.length + 1)),
  )
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap(entry => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)]))
}
