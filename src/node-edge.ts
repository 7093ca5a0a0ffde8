/** What only the edge uses of Node's own modules: files, paths, where the bundle stands. Taken as node.ts takes the others. */
export const {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} = process.getBuiltinModule?.('node:fs') ?? (await import('node:fs'))
export const { basename, delimiter, dirname, join, resolve } = process.getBuiltinModule?.('node:path') ?? (await import('node:path'))
export const { fileURLToPath } = process.getBuiltinModule?.('node:url') ?? (await import('node:url'))
