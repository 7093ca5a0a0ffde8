/**
 * What is used of Node's own modules, taken as CommonJS has them. An `import` of one makes each of its exports at once, the lazy ones
 * too: that of node:fs loads all of Node's streams. Before Node 20.16 there is no other way.
 */
export const { isUtf8 } = process.getBuiltinModule?.('node:buffer') ?? (await import('node:buffer'))
export const { parseArgs } = process.getBuiltinModule?.('node:util') ?? (await import('node:util'))
