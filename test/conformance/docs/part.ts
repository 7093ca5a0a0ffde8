import { chmodSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { blocksOf, kubectl, prepare, runPage } from '../../helpers/docs-blocks.ts'
import type { Tools } from '../../helpers/docs-blocks.ts'
import { testedPages } from '../../helpers/tested-pages.ts'
import type { Judges } from '../harness/judges.ts'
import type { Part } from '../harness/part.ts'
import { chartFolder, repo } from '../harness/paths.ts'
import { run } from '../harness/proc.ts'
import { bundle } from '../harness/product.ts'
import { scratch } from '../harness/scratch.ts'

/** The pages of the documentation, with the programs that they name. */
export const docs: Part = {
  name: 'docs',
  about: 'every block of the pages, with real Helm, kustomize and kpt; kubectl is stood in for',
  async run(report, judges) {
    const tools = await toolsHere(judges)
    for (const page of testedPages) {
      const folder = scratch(`docs/${page}`)
      prepare(folder, dirname(bundle()), chartFolder())
      await report.check(`${page}: every block does what its comment says`, async () => {
        const { notAsked } = await runPage(blocksOf(page, readFileSync(join(repo, page), 'utf8')), folder, tools)
        for (const { block, tools: missing } of notAsked) report.skip(1, `${page}:${block.line}: ${missing.join(', ')} is not here`)
      })
    }
  },
}

/** A folder for the PATH that holds the judges under the names they have for users. */
async function toolsHere(judges: Judges): Promise<Tools> {
  const bin = scratch('docs/bin')
  const found = new Set(['kubectl'])
  script(bin, 'helm-netpol', `exec "${process.execPath}" "${bundle()}" "$@"`)
  script(bin, 'kubectl', kubectl)
  for (const [name, program] of [
    ['helm', 'helm4'],
    ['kustomize', 'kustomize'],
  ] as const) {
    if (!judges.has(program)) continue
    symlinkSync(judges.path(program), join(bin, name))
    found.add(name)
  }
  if ((await run('kpt', ['version']).catch(() => undefined))?.code === 0) found.add('kpt')
  return { path: [bin], has: name => found.has(name) }
}

function script(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`)
  chmodSync(join(folder, name), 0o755)
}
