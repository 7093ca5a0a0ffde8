import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { flags, isVariable, variableName } from '../src/cli.ts'
import { explain } from '../src/commands/explain.ts'
import type { Engine } from '../src/engines/contract.ts'
import { engines } from '../src/engines/registry.ts'
import type { Field } from '../src/values/fields.ts'
import { jsonSchema } from '../src/values/json-schema.ts'
import { networkPolicy } from '../src/values/schema.ts'
import { root } from './bundling.ts'
import { manualPage } from './man.ts'

/**
 * What is derived from the sources, by its path: the JSON Schema of the values, the manual page, the example's picture, and the pages whose
 * tables stand between `<!-- begin NAME -->` and `<!-- end NAME -->`.
 */
export async function derivedFiles(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['docs/values.schema.json', `${JSON.stringify(jsonSchema('networkPolicy'), undefined, 2)}\n`],
    ['docs/helm-netpol.1', manualPage()],
    ['docs/example/traffic.svg', await picture()],
    ['docs/engines.md', filled('docs/engines.md', { engines: engineTable() })],
    [
      'docs/values.md',
      filled('docs/values.md', {
        keys: ['| key | type | default | meaning |', '|---|---|---|---|', ...rows('networkPolicy', networkPolicy)],
        flags: flagTable(),
      }),
    ],
  ])
}

/** What `explain` draws of the example. */
async function picture(): Promise<string> {
  const example = join(root, 'docs/example')
  const files = [{ path: 'values.yaml', text: readFileSync(join(example, 'values.yaml'), 'utf8') }]
  const options = { root: 'networkPolicy', files, sets: [], engine: undefined, controller: undefined, namespace: undefined, strict: false }
  const { text } = await explain(readFileSync(join(example, 'stream.yaml')), { ...options, format: 'svg', width: 120, color: false })
  if (text === undefined) throw new Error('the example cannot be explained')
  return text
}

function rows(path: string, field: Field<unknown>): string[] {
  if (field.keys === undefined) return [`| \`${path}\` | ${escape(field.type)} | ${shown(field.absent)} | ${escape(field.describe)} |`]
  return Object.entries(field.keys).flatMap(([key, below]) => rows(`${path}.${key}`, below))
}

function shown(absent: unknown): string {
  if (absent === undefined) return ''
  return `\`${Array.isArray(absent) ? JSON.stringify(absent).replaceAll(',', ', ') : absent === '' ? '""' : String(absent)}\``
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|')
}

/** What the engines' own records say of them, a column each. */
function engineTable(): string[] {
  const all = Object.entries<Engine>(engines)
  const row = (title: string, cell: (engine: Engine, name: string) => string): string =>
    `| ${title} | ${all.map(([name, engine]) => cell(engine, name)).join(' | ')} |`
  const yes = (is: boolean): string => (is ? 'yes' : 'no')
  return [
    `| | ${all.map(([name]) => `\`${name}\``).join(' | ')} |`,
    `|---|${all.map(() => '---|').join('')}`,
    row('object', ({ kind }) => kind),
    row('API', ({ apiVersion }) => `\`${apiVersion}\``),
    row('scope', ({ clusterScoped }) => (clusterScoped ? 'cluster' : 'namespace')),
    row('several policies', ({ addsUp }) => (addsUp ? 'add up' : 'first match decides')),
    row('precedence', ({ precedence }, name) => (precedence === null ? 'none' : `\`${name}.${precedence.key}\`, ${precedence.absent}`)),
    row('the kube-apiserver by a word of its own', ({ knowsApiserver }) => yes(knowsApiserver)),
    row('nodes by a word of their own', ({ knowsNodes }) => yes(knowsNodes)),
    row('destinations by DNS name', ({ knowsNames }) => yes(knowsNames)),
    row('NetworkPolicy peers as they are', ({ takesPeers }) => (takesPeers ? 'yes' : 'with `translatePeers`')),
    row('rules in its own words', ({ passthrough }, name) => (passthrough ? `\`${name}.ingress\`, \`.egress\`` : 'they are NetworkPolicy rules')),
    row('an address block may match pods', ({ blocksReachPods }) => (blocksReachPods ? 'depends on the network' : 'no, nor nodes')),
  ]
}

function flagTable(): string[] {
  const lines = Object.entries(flags)
    .filter(([name, flag]) => isVariable(name, flag))
    .map(([name, flag]) => {
      const short = 'short' in flag ? `\`-${flag.short}\`, ` : ''
      return `| ${short}\`--${name}\` | \`${variableName(name)}\` | ${escape(flag.describe)} |`
    })
  return ['| flag | variable | meaning |', '|---|---|---|', ...lines]
}

export function filled(path: string, tables: Readonly<Record<string, readonly string[]>>): string {
  let text = readFileSync(join(root, path), 'utf8')
  for (const [name, lines] of Object.entries(tables)) {
    const [begin, end] = [`<!-- begin ${name} -->\n`, `\n<!-- end ${name} -->`]
    const [before, after] = [text.indexOf(begin), text.indexOf(end)]
    if (before < 0 || after < 0) throw new Error(`${path} has no place for the table ${name}`)
    text = text.slice(0, before + begin.length) + lines.join('\n') + text.slice(after)
  }
  return text
}
