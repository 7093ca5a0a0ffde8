import { commands, flags, isVariable, variableName } from '../src/cli.ts'
import type { CommandWords, Flag } from '../src/cli.ts'
import { engines } from '../src/engines/registry.ts'
import { examples, exitCodes, summary } from '../src/help.ts'
import { version } from '../src/version.ts'

/** The manual page, in the macros of man(7), of what `--help` is made of. It bears no date: the same sources give the same bytes. */
export function manualPage(): string {
  // Those of a command stand with it.
  const common = Object.entries<Flag>(flags).filter(([, { of }]) => of === undefined || of.includes('filter'))
  return [
    `.TH HELM\\-NETPOL 1 "" "helm\\-netpol ${version}" "User Commands"\n`,
    section('NAME', [`helm\\-netpol \\- ${text('network policies for the controller of a Helm release')}`]),
    section('SYNOPSIS', [
      '.B helm\\-netpol',
      '.RI [ flags ]',
      ...Object.entries<CommandWords>(commands).flatMap(([name, { operands }]) => [
        '.br',
        `.B helm\\-netpol ${name}`,
        operands === null ? '.RI [ flags ]' : `.RI [ flags "] " ${text(operands)}`,
      ]),
    ]),
    section('DESCRIPTION', [
      text(summary),
      text('It is a post-renderer: Helm 4 runs it as the plugin netpol, Helm 3 as an executable, and any pipe will do.'),
      text("The chart's own documents come back byte for byte. Nothing is added unless networkPolicy.enabled or --engine asks for it."),
      '.PP',
      text('On any doubt nothing is written to stdout, and every mistake is told on stderr with its place.'),
    ]),
    section('COMMANDS', [
      'A command comes first. Without one, the stream is filtered.',
      ...Object.entries<CommandWords>(commands).flatMap(([name, words]) => commandEntry(name, words)),
    ]),
    section('OPTIONS', common.flatMap(optionEntry)),
    section('ENVIRONMENT', [
      text('Flags win over variables.'),
      ...common.flatMap(([name, flag]) => (isVariable(name, flag) ? ['.TP', `.B ${text(variableName(name))}`, `As ${bold(`--${name}`)}.`] : [])),
      '.PP',
      text('HELM_NETPOL_VALUES takes several files, separated as in PATH.'),
    ]),
    section('ENGINES', [
      'Values of',
      '.BR networkPolicy.engine ,',
      'which is never detected.',
      ...Object.entries(engines).flatMap(([name, { describe }]) => ['.TP', `.B ${name}`, text(describe)]),
    ]),
    section(
      'EXIT STATUS',
      exitCodes.flatMap((meaning, code) => ['.TP', `.B ${code}`, text(meaning)]),
    ),
    section(
      'EXAMPLES',
      examples.flatMap(({ line, note }) => ['.TP', `${text(note ?? 'As a pipe')}:`, '.nf', literal(line), '.fi']),
    ),
    section('SEE ALSO', ['.BR helm (1),', '.BR kubectl (1)']),
  ].join('')
}

function section(title: string, lines: readonly string[]): string {
  return `${[`.SH ${title}`, ...lines].join('\n')}\n`
}

function commandEntry(name: string, { describe, operands, readsStream }: CommandWords): string[] {
  const own = Object.entries<Flag>(flags).filter(([, { of }]) => of?.some(owner => owner === name))
  return [
    '.TP',
    `.B ${name}${operands === null ? '' : ` ${text(operands)}`}`,
    `${text(describe)}${readsStream ? '; reads the stream on stdin' : ''}`,
    ...(own.length === 0 ? [] : ['.RS', ...own.flatMap(optionEntry), '.RE']),
  ]
}

function optionEntry([name, { short, value, describe }]: [string, Flag]): string[] {
  const spelt = [...(short === undefined ? [] : [bold(`-${short}`)]), bold(`--${name}`)].join(', ')
  return ['.TP', `${spelt}${value === undefined ? '' : ` \\fI${literal(value)}\\fR`}`, text(describe)]
}

function bold(word: string): string {
  return `\\fB${literal(word)}\\fR`
}

/** Filled text: a sentence begins a line, and no line is long. */
function text(words: string): string {
  return words
    .replaceAll('. ', '.\n')
    .split('\n')
    .flatMap(sentence => sentence.match(/.{1,70}(?:\s|$)/g) ?? [])
    .map(line => literal(line.trimEnd()))
    .join('\n')
}

/** Words that roff would read as its own, and what is no ASCII, are escaped. */
function literal(words: string): string {
  return words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^[.']/, '\\&$&')
    .replace(/[^\x00-\x7f]/gu, character => `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`)
}
