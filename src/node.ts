/**
 * Node's own modules as CommonJS has them. An `import` of one makes each of its exports at once, the lazy ones too:
 * that of node:fs loads all of Node's streams, 4 ms of a start. Before Node 20.16 there is no `getBuiltinModule`.
 */
const builtin: typeof process.getBuiltinModule = process.getBuiltinModule ?? (await import('node:module')).createRequire(import.meta.url)

export const { isUtf8 } = builtin('node:buffer')
export const fs = builtin('node:fs')
export const path = builtin('node:path')
export const { fileURLToPath } = builtin('node:url')
export const { parseArgs } = builtin('node:util')
