import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './bundling.ts'
import { makeChecksums, sumsOf } from './package/checksums.ts'
import { NoBinary } from './package/node-binary.ts'
import { products } from './package/products.ts'
import { makeSbom } from './package/sbom.ts'
import { NoSignature, sign } from './package/sign.ts'
import { inWorkshop } from './package/workshop.ts'
import type { Workshop } from './package/workshop.ts'

/**
 * Makes the packages, their sums, and an SBOM: `npm run package [-- WHAT…]`, into `build/packages`, which is emptied first.
 * The same sources on the same kind of machine give the same bytes.
 */
const usual = join(root, 'build/packages')

process.exitCode = await main()

async function main(): Promise<number> {
  const argv = process.argv.slice(2)
  const asked = readArguments(argv)
  if (argv.includes('--help')) {
    process.stdout.write(usage())
    return 0
  }
  if (typeof asked === 'string') {
    process.stderr.write(asked)
    return 2
  }
  try {
    if (asked.out === usual) rmSync(usual, { recursive: true, force: true })
    await inWorkshop(asked.out, workshop => makeAll(workshop, asked))
    return 0
  } catch (problem) {
    if (!(problem instanceof NoBinary || problem instanceof NoSignature)) throw problem
    process.stderr.write(`${problem.message}\n`)
    return 1
  }
}

async function makeAll(workshop: Workshop, { what, key, out }: Asked): Promise<void> {
  const made: string[] = []
  for (const name of what) {
    process.stderr.write(`${name}: ${products[name]?.describe ?? ''}\n`)
    made.push(...((await products[name]?.make(workshop)) ?? []))
  }
  made.push(
    ...(await makeSbom(
      workshop,
      what.flatMap(name => products[name]?.platform ?? []),
    )),
  )
  const sums = sumsOf(out, [...new Set(made)].sort())
  const beside = [makeChecksums(out, sums), ...(key === undefined ? [] : await sign(out, sums, key))]
  process.stdout.write(
    `\n${table(out, [...sums.keys(), ...beside], sums)}\n${key === undefined ? 'not signed: --sign KEY writes what helm plugin install verifies\n' : ''}`,
  )
}

interface Asked {
  readonly what: readonly string[]
  readonly out: string
  readonly key: string | undefined
}

/** The command line, or what is wrong with it. */
function readArguments(argv: readonly string[]): Asked | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { out: { type: 'string' }, sign: { type: 'string' }, help: { type: 'boolean' } },
    })
    const unknown = positionals.filter(name => !Object.hasOwn(products, name))
    if (unknown.length > 0) return `${unknown.map(name => `nothing is called ${name}\n`).join('')}${usage()}`
    const out = resolve(values.out ?? usual)
    // What stands in a folder of the user's is not ours to delete, nor to be mixed with.
    if (out !== usual && existsSync(out) && readdirSync(out).length > 0) return `--out ${out}: the folder is not empty; name a new one\n`
    return { what: positionals.length > 0 ? positionals : Object.keys(products), out, key: values.sign }
  } catch (problem) {
    return `${problem instanceof Error ? problem.message : String(problem)}\n${usage()}`
  }
}

function usage(): string {
  const lines = Object.entries(products).map(([name, { describe }]) => `  ${name.padEnd(16)}${describe}\n`)
  return `npm run package [-- [--out FOLDER] [--sign KEY] [WHAT…]]\n  FOLDER must be new or empty (without it: build/packages); KEY is a key of gpg's; where nothing is named, all is made:\n${lines.join('')}`
}

function table(out: string, names: readonly string[], sums: ReadonlyMap<string, string>): string {
  const width = Math.max(...names.map(name => name.length))
  const lines = names.map(name => {
    const { size } = statSync(join(out, name))
    return `${name.padEnd(width)}  ${(size / 1e6).toFixed(size < 1e5 ? 3 : 1).padStart(7)} MB  ${sums.get(name)?.slice(0, 12) ?? ''}`.trimEnd()
  })
  return `in ${relative(process.cwd(), out) || '.'}:\n${lines.join('\n')}\n`
}
