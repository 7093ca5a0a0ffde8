import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { root } from '../bundling.ts'
import type { Mutant } from './instrument.ts'
import { replaced } from './source.ts'

/**
 * Those mutants that the compiler refuses, as `npm test` would: each is a copy of its file beside the others, and one run of tsc reads them
 * all. What is only unused then is no mistake here.
 */
export async function refusedByTypes(mutants: readonly Mutant[], texts: ReadonlyMap<string, string>, scratch: string): Promise<ReadonlySet<Mutant>> {
  const folder = join(scratch, 'types')
  mkdirSync(folder)
  cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true })
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false, allowUnreachableCode: true }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: ['src'] }))
  for (const mutant of mutants) writeFileSync(join(folder, copyOf(mutant)), mutated(mutant, texts.get(mutant.file) ?? ''))
  const { stdout } = await execa(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.', '--pretty', 'false'], {
    cwd: folder,
    reject: false,
  })
  const files = new Set(stdout.split('\n').flatMap(line => /^(src\/.*?)\(\d+,\d+\): error /.exec(line)?.[1] ?? []))
  const refused = mutants.filter(mutant => files.has(copyOf(mutant)))
  if (files.size > refused.length) throw new Error(`tsc refuses more than mutants:\n${stdout.slice(0, 2000)}`)
  return new Set(refused)
}

function copyOf({ file, id }: Mutant): string {
  return file.replace(/\.ts$/, `.mutant-${id}.ts`)
}

/** In brackets where it is an expression, which may stand beside a stronger operator. */
function mutated({ range, original, replacement, mutator }: Mutant, text: string): string {
  const isStatement = mutator === 'BlockStatement' || /^(case|default)\b/.test(original)
  return replaced(text, range, isStatement ? replacement : `(${replacement})`)
}
