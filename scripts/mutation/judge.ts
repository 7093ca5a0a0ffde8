import type { Mutant } from './instrument.ts'
import { Planner } from './planner.ts'
import type { Survey, TestPlan } from './planner.ts'
import type { Job } from './within/messages.ts'
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
export async function surveyTests(bundle: string): Promise<Survey> {
  const worker = new Worker(bundle)
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

/** The verdicts on the mutants, in their order; `jobs` workers at a time. */
export async function judge(bundle: string, mutants: readonly Mutant[], survey: Survey, jobs: number, progress: (done: number) => void): Promise<Verdict[]> {
  const planner = new Planner(survey, mutants)
  const verdicts = new Array<Verdict>(mutants.length)
  const queue = mutants.entries()
  let done = 0
  await Promise.all(
    Array.from({ length: jobs }, async () => {
      const bench = new Bench(bundle)
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
  private readonly bundle: string

  constructor(bundle: string) {
    this.bundle = bundle
  }

  async judge(plan: TestPlan): Promise<Verdict> {
    if (plan.tests.length === 0) return { is: 'uncovered' }
    return plan.loading ? this.judgeAfresh(plan) : this.judgeWarm(plan)
  }

  private async judgeAfresh(plan: TestPlan): Promise<Verdict> {
    const worker = new Worker(this.bundle, plan.mutant)
    try {
      const ready = await worker.ask()
      if (ready.is !== 'ready') return toVerdict(ready)
      return toVerdict(await worker.ask(toJob(plan)))
    } finally {
      worker.end()
    }
  }

  private async judgeWarm(plan: TestPlan): Promise<Verdict> {
    if (this.tried === mostTried) await this.close()
    const worker = (this.worker ??= await this.open())
    this.tried += 1
    const reply = await worker.ask(toJob(plan))
    if (reply.is === 'died' || reply.is === 'late') this.worker = undefined
    // What ended it may be the doing of an earlier mutant.
    return reply.is === 'died' ? this.judgeAfresh(plan) : toVerdict(reply)
  }

  private async open(): Promise<Worker> {
    const worker = new Worker(this.bundle)
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

function toJob({ mutant, tests, limit, milliseconds }: TestPlan): Job {
  return { do: 'try', mutant, tests, limit, milliseconds }
}

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
