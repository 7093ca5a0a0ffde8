import { selectorTokens } from '../../../passthrough/calico-selector.ts'
import type { Token } from '../../../passthrough/calico-selector.ts'
import type { Labels } from '../../../discover/selector.ts'

/** Whether labels are selected. */
export type Matches = (labels: Labels) => boolean

/** Whose labels a selector speaks of: those of endpoints themselves, of their namespaces, or of their service accounts. */
export type Scope = 'endpoint' | 'namespace' | 'serviceAccount'

/** Where Calico keeps the labels of each (libcalico-go/lib/backend/k8s/conversion/constants.go, v3.34). */
export const prefixes: Readonly<Record<Scope, string>> = { endpoint: '', namespace: 'pcns.', serviceAccount: 'pcsa.' }

/** Labels that Calico itself gives. */
export const own = {
  namespace: 'projectcalico.org/namespace',
  orchestrator: 'projectcalico.org/orchestrator',
  serviceAccount: 'projectcalico.org/serviceaccount',
  /** Of namespaces and service accounts. */
  name: 'projectcalico.org/name',
} as const

/** Compiles a selector once, for many labels; undefined where it does not parse. A blank one is `all()`. */
export function compileSelector(selector: string, scope: Scope): Matches | undefined {
  const tokens = selectorTokens(selector)
  if (tokens === undefined) return undefined
  const items = toItems(tokens, scope)
  const steps = items.length === 0 ? [everything[scope]] : toSteps(items)
  return labels => evaluate(steps, labels)
}

type Sign = '!' | '&&' | '||'
/** Operands stand before their sign, so that nothing limits how deep brackets go. */
type Step = Matches | Sign

function evaluate(steps: readonly Step[], labels: Labels): boolean {
  const results: boolean[] = []
  const take = (): boolean => results.pop() === true
  for (const step of steps) {
    if (typeof step === 'function') results.push(step(labels))
    else if (step === '!') results.push(!take())
    else {
      const [right, left] = [take(), take()]
      results.push(step === '&&' ? left && right : left || right)
    }
  }
  return take()
}

/** `!` binds to the operand or bracket after it, and `&&` more than `||` (libcalico-go/lib/selector/parser/parser.go). */
function toSteps(items: readonly (Step | '(' | ')')[]): Step[] {
  const steps: Step[] = []
  const waiting: (Sign | '(')[] = []
  const release = (sign: Sign): void => {
    for (; waiting.at(-1) === sign; waiting.pop()) steps.push(sign)
  }
  for (const item of items) {
    if (item === '||') release('&&')
    if (item === ')') {
      release('&&')
      release('||')
      waiting.pop()
    } else if (typeof item === 'function') steps.push(item)
    else waiting.push(item)
    if (typeof item === 'function' || item === ')') release('!')
  }
  release('&&')
  release('||')
  return steps
}

/** Each comparison as one; what stands in it goes with its label. */
function toItems(tokens: readonly Token[], scope: Scope): (Step | '(' | ')')[] {
  return tokens.flatMap((token, index) => {
    const key = prefixes[scope] + token.value
    switch (token.kind) {
      case 'all':
        return everything[scope]
      case 'global':
        return outside[scope]
      case 'has':
        return labels => valueOf(labels, key) !== undefined
      case 'label':
        return comparison(key, tokens, index + 1)
      case '(':
      case ')':
      case '!':
      case '&&':
      case '||':
        return token.kind
      default:
        return []
    }
  })
}

const inNamespace: Matches = labels => valueOf(labels, own.namespace) !== undefined

/** `all()` of a namespaceSelector is all that is in a namespace, and `global()` what is in none (updateprocessors/rules.go); elsewhere both are just true. */
const everything: Readonly<Record<Scope, Matches>> = { endpoint: () => true, namespace: inNamespace, serviceAccount: () => true }
const outside: Readonly<Record<Scope, Matches>> = { ...everything, namespace: labels => !inNamespace(labels) }

function comparison(key: string, tokens: readonly Token[], index: number): Matches {
  const operator = tokens[index]?.value
  const wanted = String(tokens[index + 1]?.value)
  switch (operator) {
    case 'in':
    case 'not in': {
      const listed = stringsFrom(tokens, index + 2)
      return labels => listed.has(valueOf(labels, key)) === (operator === 'in')
    }
    case '!=':
      return labels => valueOf(labels, key) !== wanted
    case 'contains':
      return labels => valueOf(labels, key)?.includes(wanted) === true
    case 'starts with':
      return labels => valueOf(labels, key)?.startsWith(wanted) === true
    case 'ends with':
      return labels => valueOf(labels, key)?.endsWith(wanted) === true
    default:
      return labels => valueOf(labels, key) === wanted
  }
}

/** Those of a list in braces. */
function stringsFrom(tokens: readonly Token[], start: number): ReadonlySet<string | undefined> {
  const strings = new Set<string | undefined>()
  for (const { kind, value } of tokens.slice(start)) {
    if (kind === 'string') strings.add(value)
    else if (kind !== ',') break
  }
  return strings
}

function valueOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined
}
