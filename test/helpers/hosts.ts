import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { folderWith } from './folder.ts'
import { turns } from './turns.ts'

export interface HostedCall {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
}

export interface Hosted {
  readonly stdout: Buffer
  readonly stderr: Buffer
  readonly exitCode: number
}

/** Processes that run one program call after call, each evaluating it anew: the start of Node, most of what a call costs, is paid once. */
export class Hosts {
  private readonly program: string
  private readonly idle: Host[] = []
  private readonly made: Host[] = []
  private readonly inTurn = turns()

  constructor(program: string) {
    this.program = pathToFileURL(program).href
    process.on('exit', () => this.made.forEach(host => host.kill()))
  }

  /** Rejects where the program ends its process; that host is not used again. */
  run(call: HostedCall, input: string | Buffer): Promise<Hosted> {
    return this.inTurn(async () => {
      const host = this.idle.pop() ?? this.make()
      const hosted = await host.run(call, input)
      if (host.calls < mostCalls) this.idle.push(host)
      else host.kill()
      return hosted
    })
  }

  private make(): Host {
    const host = new Host(this.program)
    this.made.push(host)
    return host
  }
}

/** What was evaluated stays in memory. */
const mostCalls = 100

class Host {
  calls = 0
  private readonly folder = folderWith()
  private readonly child

  constructor(program: string) {
    this.child = spawn(process.execPath, [join(import.meta.dirname, 'host.mjs'), program, this.folder], {
      env: {},
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.keepUsAlive(false)
  }

  async run(call: HostedCall, input: string | Buffer): Promise<Hosted> {
    this.calls += 1
    writeFileSync(join(this.folder, 'stdin'), input)
    this.keepUsAlive(true)
    const exitCode = await this.answer(call)
    this.keepUsAlive(false)
    return { stdout: this.written('stdout'), stderr: this.written('stderr'), exitCode }
  }

  kill(): void {
    this.child.kill('SIGKILL')
  }

  private answer(call: HostedCall): Promise<number> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`the program ended its process, with ${code}: ${this.written('stderr')}`))
      this.child.once('exit', ended)
      this.child.once('message', (exitCode: number) => {
        this.child.off('exit', ended)
        resolve(exitCode)
      })
      this.child.send(call)
    })
  }

  private written(name: 'stdout' | 'stderr'): Buffer {
    return readFileSync(join(this.folder, name))
  }

  /** A host that is idle does not keep the tests from ending. */
  private keepUsAlive(on: boolean): void {
    for (const handle of [this.child, this.child.channel]) on ? handle?.ref() : handle?.unref()
  }
}
