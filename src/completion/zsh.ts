import type { Choice, CommandGrammar, Grammar, Option, Value } from './grammar.ts'

/** For zsh 5, by its own completion system (compinit). */
export function zsh({ options, commands }: Grammar): string {
  const valued = [...options, ...commands.flatMap(command => command.options)]
  const lists = new Map(valued.flatMap(({ value }) => (value?.kind === 'choice' || value?.kind === 'key' ? [[listName(value), value] as const] : [])))
  return `#compdef helm-netpol
# zsh completion of helm-netpol: write this to a file _helm-netpol in a folder of $fpath, or put this line into ~/.zshrc, after compinit:
#   source <(helm-netpol completion zsh)

_helm-netpol() {
  if ((CURRENT > 2)); then
    case $words[2] in
${commands.map(commandCase).join('\n')}
    esac
    _arguments : \\
${specs(options, 6)}
    return
  fi
  _arguments : \\
${specs(options, 4)} \\
    '1: :_helm-netpol_commands'
}

_helm-netpol_commands() {
  local -a commands=(
${described(commands)}
  )
  _describe command commands
}
${[...lists.values()].map(list).join('')}
# Called as a file of $fpath, it completes at once; sourced, it says what for.
if [[ $funcstack[1] == _helm-netpol ]]; then
  _helm-netpol "$@"
else
  compdef _helm-netpol helm-netpol
fi
`
}

function commandCase({ name, options, operands }: CommandGrammar): string {
  const words =
    operands === undefined
      ? ''
      : ` \\\n          '*: :${operands.kind === 'choice' ? `(${operands.choices.map(choice => choice.name).join(' ')})` : actionOf(operands)}'`
  return `      ${name})
        shift words
        ((CURRENT--))
        _arguments : \\
${specs(options, 10)}${words}
        return
        ;;`
}

function specs(options: readonly Option[], indent: number): string {
  return options.map(option => `${' '.repeat(indent)}${spec(option)}`).join(' \\\n')
}

/** `'*'{-f+,--values=}'[…]:FILE:_files'`: what may follow once, in each spelling. */
function spec({ name, short, describe, repeatable, value }: Option): string {
  const spelt = [...(short === undefined ? [] : [value === undefined ? `-${short}` : `-${short}+`]), value === undefined ? `--${name}` : `--${name}=`]
  const rivals = short === undefined ? '' : `(-${short} --${name})`
  const tail = `[${describe.replace(/[\][\\]/g, '\\$&')}]${value === undefined ? '' : `:${value.word.replaceAll(':', '\\:')}:${actionOf(value)}`}`
  const before = repeatable ? '*' : rivals
  if (spelt.length === 1) return quoted(`${before}${spelt.join('')}${tail}`)
  return `${before === '' ? '' : quoted(before)}{${spelt.join(',')}}${quoted(tail)}`
}

function actionOf(value: Value): string {
  switch (value.kind) {
    case 'file':
      return '_files'
    case 'choice':
    case 'key':
      return listName(value)
    case 'text':
      return ' '
  }
}

function listName(value: ListValue): string {
  return `_helm-netpol_${value.kind === 'key' ? 'keys' : value.list}`
}

type ListValue = Extract<Value, { kind: 'choice' | 'key' }>

/** A function for the values of an option. */
function list(value: ListValue): string {
  if (value.kind === 'choice')
    return `\n${listName(value)}() {\n  local -a choices=(\n${described(value.choices)}\n  )\n  _describe ${value.word.toLowerCase()} choices\n}\n`
  // "=" and the value follow without a space.
  return `\n${listName(value)}() {\n  compadd -S '' -- \\\n${value.keys.map(key => `    ${key}=`).join(' \\\n')}\n}\n`
}

function described(choices: readonly Choice[]): string {
  return choices.map(({ name, describe }) => `    ${quoted(`${name}:${describe}`)}`).join('\n')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
