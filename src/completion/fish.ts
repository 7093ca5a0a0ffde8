import type { Choice, CommandGrammar, Grammar, Option, Value } from './grammar.ts'

/** For fish 3. */
export function fish(grammar: Grammar): string {
  const names = grammar.commands.map(({ name }) => name).join(' ')
  return `# fish completion of helm-netpol: write this to ~/.config/fish/completions/helm-netpol.fish

# Whether what is typed belongs to one of the named commands; "filter" is the one without a name.
function __helm_netpol_in
    set -l words (commandline -opc)
    set -l command filter
    if test (count $words) -gt 1; and contains -- $words[2] ${names}
        set command $words[2]
    end
    contains -- $command $argv
end

# Whether no word stands before this one.
function __helm_netpol_first
    test (count (commandline -opc)) -eq 1
end

# Keys of the values; "=" and the value follow without a space.
function __helm_netpol_keys
    printf '%s=\\n' ${keysOf(grammar).join(' ')}
end

complete -c helm-netpol -f
${grammar.commands.map(({ name, describe }) => `complete -c helm-netpol -n __helm_netpol_first -a ${name} -d ${quoted(describe)}`).join('\n')}
${[...optionLines(grammar), ...grammar.commands.flatMap(operandLine)].join('\n')}
`
}

/** One line for an option, whatever commands have it with the same words. */
function optionLines({ options, commands }: Grammar): string[] {
  const owners = new Map<string, { option: Option; commands: string[] }>()
  for (const { name, options: own } of [{ name: 'filter', options }, ...commands]) {
    for (const option of own) {
      const key = `${option.name} ${option.value === undefined ? '' : argumentsOf(option.value)}`
      owners.set(key, { option, commands: [...(owners.get(key)?.commands ?? []), name] })
    }
  }
  return [...owners.values()].map(({ option: { name, short, describe, value }, commands: of }) => {
    const spelt = `${short === undefined ? '' : ` -s ${short}`} -l ${name}`
    return `${start(of)}${spelt} -d ${quoted(describe)}${value === undefined ? '' : ` -r${argumentsOf(value)}`}`
  })
}

function operandLine({ name, operands }: CommandGrammar): string[] {
  return operands === undefined ? [] : [`${start([name])}${argumentsOf(operands)}`]
}

function start(commands: readonly string[]): string {
  return `complete -c helm-netpol -n '__helm_netpol_in ${commands.join(' ')}'`
}

function argumentsOf(value: Value): string {
  switch (value.kind) {
    case 'file':
      return ' -F'
    case 'choice':
      return ` -f -a ${quoted(value.choices.map(choice).join('\n'))}`
    case 'key':
      return ' -f -a "(__helm_netpol_keys)"'
    case 'text':
      return ' -f'
  }
}

/** A word, and after a tab what it means. */
function choice({ name, describe }: Choice): string {
  return describe === '' ? name : `${name}\\t${quoted(describe)}`
}

function keysOf({ options }: Grammar): readonly string[] {
  return options.flatMap(({ value }) => (value?.kind === 'key' ? [value.keys] : []))[0] ?? []
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
