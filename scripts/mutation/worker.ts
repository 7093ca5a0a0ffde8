import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { root } from '../bundling.ts'
import type { Answer, Job } from './within/messages.ts'

/** `died`: it ended without an answer; `late`: it was ended, for it gave none in time. */
export type Reply = Answer | { readonly is: 'died' } | { readonly is: 'late' }

/** A process that has the bundle loaded, with a mutant from the start where one is given. */
export class Worker {
  private readonly child: ChildProcess
  private expected: ((reply: Reply) => void) | undefined
  private readonly received: Reply[] = []

  constructor(bundle: string, mutant?: string) {
    const argv = mutant === undefined ? [] : [mutant]
    this.child = fork(bundle, argv, {
      cwd: root,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: ['--max-old-space-size=2000'],
      serialization: 'json',
    })
    this.child.on('message', (answer: Answer) => this.hand(answer))
    this.child.on('exit', () => this.hand({ is: 'died' }))
  }

  /** Its first answer, once its modules are loaded, or the answer to a job. */
  async ask(job: Job | undefined, milliseconds: number): Promise<Reply> {
    if (job !== undefined) this.child.send(job)
    const timer = setTimeout(() => {
      this.hand({ is: 'late' })
      this.end()
    }, milliseconds)
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
