import { formats as checkFormats } from '../check/formats/formats.ts'
import { commands } from '../cli.ts'
import type { CommandName, CommandWords } from '../cli.ts'
import { formats } from '../explain/formats.ts'
import { commandLine, flagLines } from '../help.ts'
import { version } from '../version.ts'

/** What `helm-netpol COMMAND --help` shows. */
export async function commandHelp(name: CommandName): Promise<string> {
  const words: CommandWords = commands[name]
  const own = flagLines(({ of }) => of?.includes(name) === true)
  const common = flagLines(
    ({ of }, flag) => of === undefined && (words.readsStream || flag === 'help') && (words.reports || flag !== 'report') && flag !== 'version',
  )
  const sections = [
    `helm-netpol ${version}\n${commandLine([name, words])}`,
    ...(own.length === 0 ? [] : [`Its own flags:\n${own.join('\n')}`]),
    `Flags (those with a name in brackets are environment variables as well; flags win):\n${common.join('\n')}`,
    ...(await choicesOf(name)),
  ]
  return `${sections.join('\n\n')}\n`
}

/** The words that its flags take. */
async function choicesOf(name: CommandName): Promise<string[]> {
  if (name === 'explain') return [listed('Formats (--format)', formats)]
  if (name !== 'check') return []
  // The evaluators are a bundle of their own.
  const { implementations } = await import('../check/index.ts')
  return [flowHelp, listed('Formats (--format)', checkFormats), listed('Implementations (--engine-impl)', implementations)]
}

const flowHelp = `Flows (--flow): FROM -> TO:PORT[/PROTOCOL], each end one of
  namespace/pod, pod    a pod, or the workload that makes it
  name.namespace.svc    a Service, at its own port
  10.1.2.3, [fd00::1]   an address
  node, node/NAME       the node of the pods, or another
  apiserver, world      the kube-apiserver; someone outside of the cluster
  s3.example.com        a DNS name`

function listed(title: string, entries: Readonly<Record<string, { readonly describe: string }>>): string {
  return `${title}:\n${Object.entries(entries)
    .map(([name, { describe }]) => `  ${name.padEnd(22)}${describe}`)
    .join('\n')}`
}
