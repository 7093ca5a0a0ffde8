import type { Stats } from 'node:fs'
import { fs, path } from './node.ts'
import { errorCode } from './reason.ts'

/** Writes a file that is there anew, as a whole or not at all: whatever stops it, the old text or the new one stands there. */
export function replaceFile(file: string, text: string): void {
  // A link stays one, and what it points to is replaced.
  const target = fs.realpathSync(file)
  const before = fs.statSync(target)
  // A pipe or a device is no file that a rename could take the place of.
  if (!before.isFile()) return fs.writeFileSync(target, text)
  // A rename asks for rights on the folder alone.
  fs.accessSync(target, fs.constants.W_OK)
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.tmp`)
  const descriptor = fs.openSync(temporary, 'wx', 0o600)
  try {
    fill(descriptor, temporary, text, before)
    fs.renameSync(temporary, target)
  } catch (problem) {
    fs.rmSync(temporary, { force: true })
    throw problem
  }
}

function fill(descriptor: number, file: string, text: string, { mode, uid, gid }: Stats): void {
  const permissions = mode & 0o7777
  try {
    fs.writeFileSync(descriptor, text)
    keepOwner(
      () => fs.fchownSync(descriptor, uid, gid),
      () => fs.chownSync(file, uid, gid),
    )
    orElse(
      () => fs.fchmodSync(descriptor, permissions),
      () => fs.chmodSync(file, permissions),
    )
    orElse(
      () => fs.fsyncSync(descriptor),
      () => {},
    )
  } finally {
    fs.closeSync(descriptor)
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
