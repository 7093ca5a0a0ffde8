import type { Bundles } from './bundle.ts'
import type { Mutant } from './instrument.ts'
import { Planner } from './planner.ts'
import type { Survey } from './planner.ts'
import type { Try } from './within/messages.ts'
import { Worker } from './worker.ts'
import type { Reply } from './worker.ts'

/** `uncovered`: no test comes across it; `refused`: the compiler does not take it. */
export type Verdict =
  | { readonly is: 'killed'; readonly by: string }
  | { readonly is: 'endless' }
  | { readonly is: 'survived' }
  | { readonly is: 'uncovered' }
  | { readonly is: 'refused' }

/** Runs every test once without a mutant. Throws where one fails, for then nothing that follows would mean anything. */
export async function surveyTests(bundles: Bundles): Promise<Survey> {
  const worker = new Worker(bundles)
  try {
    await expect(worker, await worker.ask(), 'ready')
    const survey = await expect(worker, await worker.ask({ do: 'survey' }), 'survey')
    const failed = survey.tests.flatMap(({ id, outcome }) => (typeof outcome === 'object' ? [`${id}: ${outcome.failed}`] : []))
    if (failed.length > 0) throw new Error(`without any mutant these tests fail:\n${failed.join('\n')}`)
    return survey
  } finally {
    worker.end()
  }
}

async function expect<I extends Reply['is']>(worker: Worker, reply: Reply, is: I): Promise<Extract<Reply, { is: I }>> {
  if (isA(reply, is)) return reply
  worker.end()
  throw new Error(`a worker is not ${is} but ${reply.is}`)
}

function isA<I extends Reply['is']>(reply: Reply, is: I): reply is Extract<Reply, { is: I }> {
  return reply.is === is
}

export interface Effort {
  /** Workers at a time. */
  readonly jobs: number
  /** Of tests for one mutant: the later ones are left out, and what only they would find survives. */
  readonly seconds: number
}

/** The verdicts on the mutants, in their order. */
export async function judge(
  bundles: Bundles,
  mutants: readonly Mutant[],
  survey: Survey,
  { jobs, seconds }: Effort,
  progress: (done: number) => void,
): Promise<Verdict[]> {
  const planner = new Planner(survey, mutants, seconds * 1000)
  const verdicts = new Array<Verdict>(mutants.length)
  const queue = mutants.entries()
  let done = 0
  await Promise.all(
    Array.from({ length: jobs }, async () => {
      const bench = new Bench(bundles)
      for (const [index, mutant] of queue) {
        const verdict = await bench.judge(planner.plan(mutant))
        verdicts[index] = verdict
        if (verdict.is === 'killed') planner.remember(mutant, verdict.by)
        progress(++done)
      }
      await bench.close()
    }),
  )
  return verdicts
}

/** Where mutants are tried one after the other, in a worker that is kept as long as it lives. */
class Bench {
  private worker: Worker | undefined
  private tried = 0
  private readonly bundles: Bundles

  constructor(bundles: Bundles) {
    this.bundles = bundles
  }

  /** `again`: what ended the process may have been the doing of an earlier mutant. */
  async judge(plan: Try, again = true): Promise<Verdict> {
    if (plan.tests.length === 0) return { is: 'uncovered' }
    if (this.tried === mostTried) await this.close()
    const worker = (this.worker ??= await this.open())
    this.tried += 1
    const reply = await worker.ask(plan)
    if (reply.is === 'died' || reply.is === 'late') this.worker = undefined
    return reply.is === 'died' && again ? this.judge(plan, false) : toVerdict(reply)
  }

  private async open(): Promise<Worker> {
    const worker = new Worker(this.bundles)
    await expect(worker, await worker.ask(), 'ready')
    return worker
  }

  /** Throws where mutants left something behind by which tests fail: then they were killed by each other. */
  async close(): Promise<void> {
    const { worker } = this
    this.worker = undefined
    this.tried = 0
    if (worker === undefined) return
    const { failed } = await expect(worker, await worker.ask({ do: 'check' }), 'checked')
    worker.end()
    if (failed.length > 0) throw new Error(`after its mutants a worker fails without any:\n${failed.join('\n')}`)
  }
}

/** After so many a worker is checked and a new one begins. */
const mostTried = 800

function toVerdict(reply: Reply): Verdict {
  switch (reply.is) {
    case 'killed':
    case 'survived':
    case 'endless':
      return reply
    case 'late':
      return { is: 'endless' }
    case 'died':
      return { is: 'killed', by: 'the end of the process' }
    default:
      throw new Error(`a worker answers ${reply.is}`)
  }
}
