import type { Doubt } from '../../verdict/contract.ts'
import type { Asked, Question } from './question.ts'
import type { Evidence, Guise, Situation } from './situation.ts'
import { policyTitle as title } from '../words.ts'

/** `unknown`: it hangs on something that neither the stream nor the world file tells. */
export type AnswerVerdict = 'allowed' | 'denied' | 'unknown'

export interface Answer {
  readonly verdict: AnswerVerdict
  /** The connection that decided, or the first; of an unknown one, one that is cut. */
  readonly evidence: Evidence
  /** Of an unknown one: what is not known, and how it would turn out. */
  readonly unknown: Unknown | undefined
}

export interface Unknown {
  /** `the address of bucket.example.com is not known` */
  readonly what: string
  /** The possibilities that get through, and those that do not. */
  readonly through: readonly string[]
  readonly cut: readonly string[]
}

export function answer(question: Question, situation: Situation): Answer {
  switch (question.kind) {
    case 'flow':
      return situation.guises(question).reduce((plain, guise) => underEach(plain, guise, situation), plainly(question, situation))
    case 'all':
      return strictest(question.of.map(part => answer(part, situation)))
    case 'any':
      return mildest(question.of.map(part => answer(part, situation)))
    case 'either':
      return either(question.unknown, possibilities(question.of, situation))
  }
}

function plainly(asked: Asked, situation: Situation): Answer {
  return either('which addresses the pods have', decideEach(asked, situation))
}

/** What it comes to under the labels that namespaces may have, beside what it comes to without any. */
function underEach(plain: Answer, { namespaces, under }: Guise, situation: Situation): Answer {
  if (plain.verdict === 'unknown') return plain
  const possible = under.map(({ label, asked }) => ({ label, answer: plainly(asked, situation) }))
  const which = namespaces.map(name => `namespace ${name}`).join(' and ')
  const unlabelled = `${which} with no labels but ${namespaces.length > 1 ? 'their names' : 'its name'}`
  return either(`the labels of ${which}`, [{ label: unlabelled, answer: plain }, ...possible])
}

interface Possibility {
  readonly answer: Answer
  readonly label: string
}

/** One after the other: of many, each with a world of its own, not all are kept. */
function* possibilities(parts: readonly Question[], situation: Situation): Generator<Possibility> {
  for (const part of parts) yield { answer: answer(part, situation), label: labelOf(part) }
}

function* decideEach(question: Asked, situation: Situation): Generator<Possibility> {
  for (const evidence of situation.decide(question)) {
    const pod = [evidence.flow.to, evidence.flow.from].find(end => end.kind === 'pod')
    const label = `pods with addresses such as ${pod?.addresses[0]}`
    yield { answer: { verdict: evidence.verdict, evidence, unknown: evidence.doubt === undefined ? undefined : inDoubt(evidence.doubt) }, label }
  }
}

/** What a rule asks for, that nobody here can tell. */
function inDoubt({ why, policy, rule }: Doubt): Unknown {
  return { what: `${why}, so that ${title(policy)} ${rule.path} may match`, through: [], cut: [] }
}

function strictest(answers: readonly Answer[]): Answer {
  return first(answers, 'denied') ?? first(answers, 'unknown') ?? some(answers)
}

function mildest(answers: readonly Answer[]): Answer {
  return first(answers, 'allowed') ?? first(answers, 'unknown') ?? some(answers)
}

function first(answers: readonly Answer[], verdict: AnswerVerdict): Answer | undefined {
  return answers.find(one => one.verdict === verdict)
}

/** Where all possibilities come to the same, it does not matter which one it is. */
function either(what: string, possible: Iterable<Possibility>): Answer {
  const [answers, labels] = [new Map<AnswerVerdict, Answer>(), new Map<AnswerVerdict, Set<string>>()]
  const tell = (verdict: AnswerVerdict, told: readonly string[]): void => void labels.set(verdict, new Set([...(labels.get(verdict) ?? []), ...told]))
  for (const { answer: one, label } of possible) {
    const { verdict } = one
    if (!answers.has(verdict)) answers.set(verdict, one)
    tell(verdict, [label])
    // One that hangs on more tells for itself.
    tell('allowed', one.unknown?.through ?? [])
    tell('denied', one.unknown?.cut ?? [])
  }
  const first = some([...answers.values()])
  if (answers.size === 1) return first
  const labelled = (verdict: AnswerVerdict): string[] => [...(labels.get(verdict) ?? [])]
  const { evidence } = answers.get('denied') ?? first
  return {
    verdict: 'unknown',
    evidence,
    unknown: { what: `${what} ${/^the (labels|pods) of /.test(what) ? 'are' : 'is'} not known`, through: labelled('allowed'), cut: labelled('denied') },
  }
}

function some(answers: readonly Answer[]): Answer {
  const [one] = answers
  if (one === undefined) throw new Error('a question of nothing')
  return one
}

/** What a possibility is called: its own label, or that of its first connection. */
function labelOf(question: Question): string {
  if (question.kind === 'flow' || (question.kind === 'either' && question.label !== undefined)) return question.label ?? ''
  const [one] = question.of
  return one === undefined ? '' : labelOf(one)
}
