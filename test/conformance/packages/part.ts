import { join } from 'node:path'
import type { Part } from '../harness/part.ts'
import { hostPlatform } from '../../../scripts/package/platforms.ts'
import { executables } from './executables.ts'
import { makePackages } from './make.ts'
import { oldNodes } from './old-nodes.ts'
import { plugins } from './plugins.ts'
import { newKey } from './key.ts'
import { scratch } from '../harness/scratch.ts'
import { tools } from './tools.ts'

/** What users install, made as a release is, signed by a key of this run, and used without anything else of the repository. */
export const packages: Part = {
  name: 'packages',
  about: 'packages signed, verified, installed with both Helms and run; executables; made twice, the same; Nodes that are too old',
  async run(report, judges) {
    const key = await newKey()
    if (key === undefined) report.skip(1, 'signatures: gpg is not on the PATH')
    const host = hostPlatform()
    if (host === undefined) report.skip(1, `executables: there is none for ${process.platform} ${process.arch}`)
    const out = join(scratch('packages'), 'one')
    const made = await makePackages(report, { out, key, host })
    await plugins(report, judges, out, key)
    await tools(report, judges, out, key)
    if (host !== undefined && made.executables) await executables(report, judges, { out, key, host })
    await oldNodes(report)
    await key?.forget()
  },
}
