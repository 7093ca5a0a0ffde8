import type { Stats } from 'node:fs'
import {
  accessSync,
  basename,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  dirname,
  fchmodSync,
  fchownSync,
  fsyncSync,
  join,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from './node-edge.ts'
import { errorCode } from './reason.ts'

/** Writes a file that is there anew, as a whole or not at all: whatever stops it, the old text or the new one stands there. */
export function replaceFile(file: string, text: string): void {
  // A link stays one, and what it points to is replaced.
  const target = realpathSync(file)
  const before = statSync(target)
  // A pipe or a device is no file that a rename could take the place of.
  if (!before.isFile()) return writeFileSync(target, text)
  // A rename asks for rights on the folder alone.
  accessSync(target, constants.W_OK)
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
  const descriptor = openSync(temporary, 'wx', 0o600)
  try {
    fill(descriptor, temporary, text, before)
    renameSync(temporary, target)
  } catch (problem) {
    rmSync(temporary, { force: true })
    throw problem
  }
}

function fill(descriptor: number, file: string, text: string, { mode, uid, gid }: Stats): void {
  const permissions = mode & 0o7777
  try {
    writeFileSync(descriptor, text)
    keepOwner(
      () => fchownSync(descriptor, uid, gid),
      () => chownSync(file, uid, gid),
    )
    orElse(
      () => fchmodSync(descriptor, permissions),
      () => chmodSync(file, permissions),
    )
    orElse(
      () => fsyncSync(descriptor),
      () => {},
    )
  } finally {
    closeSync(descriptor)
  }
}

/** Only root may give a file away; for others it becomes theirs, as with any editor. */
function keepOwner(give: () => void, otherwise: () => void): void {
  try {
    orElse(give, otherwise)
  } catch {
    return
  }
}

/** Node's permission model allows none of the calls by descriptor (nodejs.org, Permission Model). */
function orElse(byDescriptor: () => void, otherwise: () => void): void {
  try {
    byDescriptor()
  } catch (problem) {
    if (errorCode(problem) !== 'ERR_ACCESS_DENIED') throw problem
    otherwise()
  }
}
