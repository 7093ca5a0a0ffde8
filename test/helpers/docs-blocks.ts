import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, extname, join } from 'node:path'
import { execa } from 'execa'
import { parseAllDocuments } from 'yaml'
import { repository } from './program.ts'
import { pagesTestedElsewhere, testedPages } from './tested-pages.ts'

/**
 * The fenced blocks of a page of docs/, and what is done with each: an HTML comment on the line before says it.
 *
 *     <!-- tested: file NAME -->      it is kept as a file of the page's folder; YAML and JSON must be some
 *     <!-- tested: run TOOL… -->      sh runs it in that folder and succeeds; TOOLs are what it needs beside Node
 *     <!-- tested: fails TOOL… -->    the same, and it must fail
 *     <!-- tested: output -->         the run before it said these lines in this order; `…` stands for any lines between
 *     <!-- tested: values -->         helm-netpol takes it for the example's stream, as values or as a document of the stream
 *     <!-- tested: shortened -->      the run before it said these lines in this order, and others between
 *     <!-- tested: case NAME -->      the case of test/cases tells this, spaces and breaks of lines aside
 *     <!-- tested: in PAGE -->        its commands stand in PAGE, which has tests of its own
 *     <!-- tested: parse -->          it is no more than well-formed
 */
export interface Block {
  readonly page: string
  /** Of its fence, from 1. */
  readonly line: number
  readonly language: string
  readonly text: string
  /** Words of the comment; none: nobody tests it, which is a mistake of the page. */
  readonly how: readonly string[]
}

export function blocksOf(page: string, markdown: string): Block[] {
  const lines = markdown.split('\n')
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; at++) {
    const [, margin, language] = /^( *)```(\S*)$/.exec(lines[at] ?? '') ?? []
    if (margin === undefined) continue
    const end = lines.findIndex((line, index) => index > at && line === `${margin}\`\`\``)
    if (end < 0) throw new Error(`${page}:${at + 1}: the block has no end`)
    const how = /^ *<!-- tested: (.+) -->$/.exec(lines[at - 1] ?? '')?.[1]?.split(/\s+/) ?? []
    const text = lines.slice(at + 1, end).map(line => `${line.slice(margin.length)}\n`)
    blocks.push({ page, line: at + 1, language: language ?? '', text: text.join(''), how })
    at = end
  }
  return blocks
}

export interface Tools {
  /** Folders for the PATH, before the usual one. */
  readonly path: readonly string[]
  /** Names that a block may ask for. */
  readonly has: (name: string) => boolean
}

export interface Outcome {
  readonly ran: number
  /** Blocks whose tools are not here, with the tools; their syntax is checked all the same. */
  readonly notAsked: readonly { readonly block: Block; readonly tools: readonly string[] }[]
}

/** Does with each block of a page what its comment says, in order and in `folder`. Throws at the first that does not do so. */
export async function runPage(blocks: readonly Block[], folder: string, tools: Tools): Promise<Outcome> {
  const notAsked: { block: Block; tools: readonly string[] }[] = []
  let ran = 0
  let said: string | undefined
  for (const block of blocks) {
    const [verb = '', ...words] = block.how
    const missing = words.filter(word => !tools.has(word))
    if (verb === 'file') keep(block, words[0], folder)
    else if (verb === 'parse') await parse(block)
    else if (verb === 'case') tells(block, words[0])
    else if (verb === 'in') stands(block, words[0])
    else if (verb === 'values') {
      said = await takes(block, folder, tools)
      ran++
    } else if (verb === 'output' || verb === 'shortened') {
      if (said !== undefined) compare(block, said, verb === 'shortened')
    } else if (verb !== 'run' && verb !== 'fails') wrong(block, verb === '' ? 'no comment says how it is tested' : `${verb} is no way to test it`)
    else if (missing.length > 0) {
      await shell(block, ['-n'], folder, tools)
      notAsked.push({ block, tools: missing })
      said = undefined
    } else {
      const { exitCode, all } = await shell(block, ['-eu'], folder, tools)
      if ((exitCode === 0) !== (verb === 'run')) wrong(block, `exit ${exitCode}\n${all}`)
      said = all
      ran++
    }
  }
  return { ran, notAsked }
}

/** For sh, what stands in for kubectl: it takes what is applied, and tells where the kube-apiserver is. */
export const kubectl = `case "$*" in
*endpointslices*) echo '{"items":[{"endpoints":[{"addresses":["203.0.113.10"]}],"ports":[{"port":6443}]}]}' ;;
*) cat > /dev/null ;;
esac`

/** What the pages start with: the example of docs/, a chart, and `dist` and `docs` as in a clone. */
export function prepare(folder: string, dist: string, chart?: string): void {
  cpSync(join(repository, 'docs/example'), folder, { recursive: true })
  for (const name of ['chart', 'charts/stageset-controller']) {
    mkdirSync(join(folder, name), { recursive: true })
    if (chart !== undefined) cpSync(chart, join(folder, name), { recursive: true })
  }
  symlinkSync(dist, join(folder, 'dist'))
  symlinkSync(join(repository, 'docs'), join(folder, 'docs'))
}

function wrong({ page, line }: Block, problem: string): never {
  throw new Error(`${page}:${line}: ${problem}`)
}

function keep(block: Block, name: string | undefined, folder: string): void {
  if (name === undefined) wrong(block, 'the file has no name')
  if (/^\.(ya?ml|json)$/.test(extname(name))) parseYaml(block)
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), block.text)
}

/** As values that a file holds, or as the document of the stream that holds them. Gives what was said. */
async function takes(block: Block, folder: string, tools: Tools): Promise<string> {
  parseYaml(block)
  const name = `block-${block.line}.yaml`
  writeFileSync(join(folder, name), block.text)
  const text = /^kind:/m.test(block.text) ? `{ cat stream.yaml; echo ---; cat ${name}; } | helm-netpol` : `helm-netpol -f ${name} < stream.yaml`
  const { exitCode, all } = await shell({ ...block, language: 'sh', text }, ['-eu'], folder, tools)
  if (exitCode !== 0) wrong(block, `exit ${exitCode}\n${all}`)
  return all
}

function tells(block: Block, name = ''): void {
  const folder = join(repository, 'test/cases', name)
  if (name === '' || !existsSync(folder)) wrong(block, `there is no case ${name}`)
  const told = readdirSync(folder).filter(file => /^(report|error)\..*txt$/.test(file))
  const words = (text: string): string => text.split(/\s+/).join(' ').trim()
  if (!told.some(file => words(readFileSync(join(folder, file), 'utf8')).includes(words(block.text)))) wrong(block, `${name} does not tell it`)
}

function stands(block: Block, page = ''): void {
  if (!pagesTestedElsewhere.some(known => known === page) && !testedPages.some(known => known === page)) wrong(block, `${page} is no tested page`)
  const lines = (text: string): string[] => text.replaceAll(/\\\n\s*/g, '').split('\n')
  const there = lines(readFileSync(join(repository, page), 'utf8')).map(line => line.trim())
  for (const line of lines(block.text.trim())) if (!there.some(other => other.startsWith(line.trim()))) wrong(block, `${page} has no ${line}`)
}

async function parse(block: Block): Promise<void> {
  const reader = readers[block.language]
  if (reader === undefined) wrong(block, `nothing here reads ${block.language || 'a block without a language'}`)
  await reader(block)
}

const readers: Readonly<Record<string, (block: Block) => void | Promise<void>>> = {
  yaml: parseYaml,
  json: parseYaml,
  sh: async block => void (await shell(block, ['-n'], '.', { path: [], has: () => true })),
  dockerfile: parseDockerfile,
  hcl: parseHcl,
}

function parseYaml(block: Block): void {
  const documents = parseAllDocuments(block.text, { logLevel: 'error' })
  if (!Array.isArray(documents) || documents.length === 0) wrong(block, 'it holds no document')
  for (const { errors } of documents) if (errors[0] !== undefined) wrong(block, errors[0].message)
}

/** Each line an instruction that there is, and arguments for it. */
function parseDockerfile(block: Block): void {
  for (const line of block.text.split('\n').filter(text => !/^\s*(#.*)?$/.test(text))) {
    if (!/^(FROM|WORKDIR|COPY|RUN|USER|ENV|ENTRYPOINT|CMD) \S/.test(line)) wrong(block, `no instruction: ${line}`)
  }
}

/** Brackets that match, quotes that close, and nothing but blocks and attributes on lines. */
function parseHcl(block: Block): void {
  const open: string[] = []
  for (const [char] of block.text.replace(/"(?:[^"\\$]|\\.|\$\{[^}]*\}|\$)*"/g, '').matchAll(/[[\](){}"]/g)) {
    if ('[({'.includes(char)) open.push({ '[': ']', '(': ')', '{': '}' }[char] ?? '')
    else if (open.pop() !== char) wrong(block, `${char} closes nothing`)
  }
  if (open.length > 0) wrong(block, `${open.join(' ')} is missing`)
}

async function shell(block: Block, flags: readonly string[], folder: string, { path }: Tools): Promise<{ exitCode: number; all: string }> {
  if (block.language !== 'sh') wrong(block, 'only sh is run')
  const { exitCode, all } = await execa('sh', [...flags, '-c', block.text], {
    cwd: folder,
    env: { ...withoutOurs(), PATH: [...path, process.env['PATH'] ?? ''].join(delimiter) },
    extendEnv: false,
    reject: false,
    all: true,
    stdin: 'ignore',
  })
  if (flags.includes('-n') && exitCode !== 0) wrong(block, `sh cannot read it: ${all}`)
  return { exitCode: exitCode ?? -1, all }
}

function withoutOurs(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).flatMap(([key, value]) => (value === undefined || key.startsWith('HELM_') ? [] : [[key, value]])))
}

function compare(block: Block, said: string, shortened: boolean): void {
  const lines = said.split('\n').map(line => line.trimEnd())
  let from = 0
  let anywhere = true
  for (const wanted of block.text.trimEnd().split('\n')) {
    if (wanted === '…') {
      anywhere = true
      continue
    }
    const at = lines.findIndex((line, index) => index >= from && line.startsWith(wanted))
    if (at < 0 || (!anywhere && at !== from)) wrong(block, `${JSON.stringify(wanted)} is not said there:\n${said}`)
    from = at + 1
    anywhere = shortened
  }
}
