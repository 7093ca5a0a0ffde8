import type { CommandGrammar, Grammar, Option, Value } from './grammar.ts'

/** For bash from 3.2 on (macOS has no later one), with the package bash-completion or without. */
export function bash({ options, commands }: Grammar): string {
  return `# bash completion of helm-netpol: put this line into ~/.bashrc:
#   source <(helm-netpol completion bash)
# With bash 3.2, which cannot source that: eval "$(helm-netpol completion bash)"

_helm_netpol() {
  local IFS=$' \\t\\n' words=() word i
  # Readline parts words at "="; here they are one again.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((i > 1)) && [[ $word == =* || \${COMP_WORDS[i - 1]} == = ]]; then
      words[\${#words[@]} - 1]+=$word
    else
      words[\${#words[@]}]=$word
    fi
  done
  local count=\${#words[@]} command='' option value prefix=''
  local current=\${words[count - 1]}
  ((count > 2)) && command=\${words[1]}
  case $current in
    --*=*)
      option=\${current%%=*} value=\${current#*=}
      # What stands before "=" is only ours to repeat where readline does not part words there.
      [[ $COMP_WORDBREAKS == *=* ]] || prefix=$option=
      ;;
    *) option=\${words[count - 2]} value=$current ;;
  esac

  COMPREPLY=()
  case $command:$option in
${optionCases({ options, commands })}
  esac
  case $current in
    -*)
      case $command in
${commands.map(({ name, options: own }) => `        ${name}) _helm_netpol_words "$current" '${spellings(own)}' ;;`).join('\n')}
        *) _helm_netpol_words "$current" '${spellings(options)}' ;;
      esac
      return
      ;;
  esac
  case $command in
    '') ((count == 2)) && _helm_netpol_words "$current" '${commands.map(({ name }) => name).join(' ')}' || _helm_netpol_nothing ;;
${commands.flatMap(operandCase).join('\n')}
    *) _helm_netpol_nothing ;;
  esac
}

_helm_netpol_words() {
  COMPREPLY=($(compgen -P "$prefix" -W "$2" -- "$1"))
  ((\${#COMPREPLY[@]} > 0)) || _helm_netpol_nothing
}

# Keys of the values: "=" and the value follow without a space.
_helm_netpol_keys() {
  compopt -o nospace 2>/dev/null
  _helm_netpol_words "$1" "$2"
}

# Without this, files would be shown.
_helm_netpol_nothing() {
  compopt +o default 2>/dev/null
}

complete -o default -F _helm_netpol helm-netpol
`
}

/** One branch for options of the same values; files are what readline shows where nothing is replied. */
function optionCases({ options, commands }: Grammar): string {
  const branches = new Map<string, Set<string>>()
  const owned = [...options.map(option => ['', option] as const), ...commands.flatMap(({ name, options: own }) => own.map(option => [name, option] as const))]
  for (const [owner, { name, short, value }] of owned) {
    if (value === undefined) continue
    const reply = replyTo(value, '$value')
    // A flag that two commands have with other words is told apart by them.
    const differs = owned.some(([, other]) => other.name === name && other.value !== undefined && replyTo(other.value, '$value') !== reply)
    const patterns = branches.get(reply) ?? new Set<string>()
    for (const spelt of [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]) patterns.add(`${differs ? owner : '*'}:${spelt}`)
    branches.set(reply, patterns)
  }
  return [...branches].map(([reply, patterns]) => `    ${[...patterns].join(' | ')})\n${reply}      return\n      ;;`).join('\n')
}

function replyTo(value: Value, typed: string): string {
  switch (value.kind) {
    case 'file':
      return ''
    case 'choice':
      return `      _helm_netpol_words "${typed}" '${value.choices.map(({ name }) => name).join(' ')}'\n`
    case 'key':
      return `      _helm_netpol_keys "${typed}" '${value.keys.map(key => `${key}=`).join(' ')}'\n`
    case 'text':
      return '      _helm_netpol_nothing\n'
  }
}

function operandCase({ name, operands }: CommandGrammar): string[] {
  if (operands === undefined) return []
  return [`    ${name})\n${replyTo(operands, '$current')}      ;;`]
}

function spellings(options: readonly Option[]): string {
  return options.flatMap(({ name, short }) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]).join(' ')
}
