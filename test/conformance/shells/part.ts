import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isInstalled } from '../harness/installed.ts'
import type { Part } from '../harness/part.ts'
import { repo } from '../harness/paths.ts'
import { must, run } from '../harness/proc.ts'
import { bundle } from '../harness/product.ts'
import type { Report } from '../harness/report.ts'
import { scratch } from '../harness/scratch.ts'
import { shells as ways } from './shells.ts'
import type { Shell } from './shells.ts'
import { typed } from './typed.ts'

/** The completion scripts, sourced by the shells they are for, and asked at a terminal. */
export const shells: Part = {
  name: 'shells',
  about: 'completion in bash, zsh and fish; the manual page, formatted',
  async run(report) {
    for (const shell of ways) {
      const absent = shell.needs.filter(program => !isInstalled(program))
      if (absent.length > 0) report.skip(typed.length, `${shell.name}: ${absent.join(' and ')} not installed`)
      else await ask(report, shell)
    }
    await manual(report)
  },
}

async function ask(report: Report, shell: Shell): Promise<void> {
  const cwd = scratch(`shells/${shell.name}`)
  mkdirSync(join(cwd, 'charts'), { recursive: true })
  for (const name of ['values.yaml', 'other.txt']) writeFileSync(join(cwd, name), '')
  const script = join(scratch('shells'), `completion.${shell.script}`)
  writeFileSync(script, await must(process.execPath, [bundle(), 'completion', shell.script]))
  const offered = await shell.offers(
    script,
    typed.map(({ line }) => line),
    cwd,
  )
  for (const [index, { line, offers, atLeast }] of typed.entries()) {
    await report.check(`${shell.name}: ${line}`, () => {
      const words = offered[index] ?? []
      const wrong = atLeast === true ? offers.filter(word => !words.includes(word)) : [...offers].sort().join(' ') === [...words].sort().join(' ') ? [] : offers
      if (wrong.length > 0) throw new Error(`offers ${JSON.stringify(words)} instead of ${JSON.stringify(offers)}`)
    })
  }
}

/** Those who read manual pages complain of nothing but the date that is not there. */
async function manual(report: Report): Promise<void> {
  const page = join(repo, 'docs/helm-netpol.1')
  for (const [program, ...args] of [
    ['groff', '-man', '-ww', '-z', '-Tutf8'],
    ['mandoc', '-T', 'lint', '-W', 'style'],
  ] as const) {
    if (!isInstalled(program)) {
      report.skip(1, `the manual page: ${program} not installed`)
      continue
    }
    const { stdout, stderr } = await run(program, [...args, page])
    const complaints = `${stdout}${stderr}`.split('\n').filter(line => line !== '' && !line.includes('missing date'))
    await report.check(`the manual page, read by ${program}`, () => {
      if (complaints.length > 0) throw new Error(complaints.join('\n'))
    })
  }
}
