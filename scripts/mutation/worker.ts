import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { root } from '../bundling.ts'
import type { Bundles } from './bundle.ts'
import type { Answer, Job } from './within/messages.ts'

/** `died`: it ended without an answer; `late`: it took too long for one, and was ended. */
export type Reply = Answer | { readonly is: 'died' } | { readonly is: 'late' }

/** Longer than all tests together take on a busy machine, in milliseconds. */
const patience = 600_000

/** A process that has the bundle of the tests loaded. */
export class Worker {
  private readonly child: ChildProcess
  private expected: ((reply: Reply) => void) | undefined
  private readonly received: Reply[] = []

  constructor({ worker, tests }: Bundles) {
    this.child = fork(worker, [tests], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: ['--max-old-space-size=2000'],
      serialization: 'json',
    })
    this.child.on('message', (answer: Answer) => this.hand(answer))
    // What cannot be sent: the process ended before it was asked.
    this.child.on('error', () => this.hand({ is: 'died' }))
    this.child.on('exit', (_, signal) => this.hand({ is: signal === 'SIGTERM' ? 'late' : 'died' }))
  }

  /** Its first answer, once its modules are loaded, or the answer to a job. */
  async ask(job?: Job): Promise<Reply> {
    if (job !== undefined) this.child.send(job)
    // A loop is ended by its own watchdog; this is for what waits for something that never comes.
    const timer = setTimeout(() => this.child.kill('SIGTERM'), patience)
    try {
      return this.received.shift() ?? (await new Promise<Reply>(resolve => (this.expected = resolve)))
    } finally {
      clearTimeout(timer)
    }
  }

  end(): void {
    this.child.kill('SIGKILL')
  }

  private hand(reply: Reply): void {
    if (this.expected === undefined) this.received.push(reply)
    else this.expected(reply)
    this.expected = undefined
  }
}
