import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import { parseJson } from './manifest.ts'
import type { Value } from './manifest.ts'

interface Waiting {
  resolve: (answer: Value) => void
  reject: (error: Error) => void
}

const running = new Set<ChildProcessWithoutNullStreams>()
process.once('exit', () => running.forEach(child => child.kill('SIGKILL')))

/** A program that answers a line with a line, kept for the next question: its start would take longer than most answers. */
class Server {
  private readonly child: ChildProcessWithoutNullStreams
  private waiting: Waiting | undefined
  private said = ''

  constructor(file: string, args: readonly string[]) {
    this.child = spawn(file, args)
    running.add(this.child)
    this.child.on('close', () => running.delete(this.child))
    this.child.stderr.on('data', (chunk: Buffer) => (this.said = `${this.said}${chunk.toString()}`.slice(-2000)))
    this.child.stdin.on('error', () => undefined)
    this.child.on('error', error => this.failed(error))
    this.child.on('close', code => this.failed(new Error(`${file} ended (exit ${code ?? 'by a signal'})\n${this.said}`)))
    createInterface({ input: this.child.stdout }).on('line', line => this.answered(line))
  }

  ask(question: string): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
      this.child.stdin.write(`${question}\n`)
    })
  }

  private answered(line: string): void {
    const { waiting } = this
    this.waiting = undefined
    try {
      waiting?.resolve(parseJson(line))
    } catch (error) {
      waiting?.reject(error instanceof Error ? error : new Error(String(error)))
    }
  }

  private failed(error: Error): void {
    this.waiting?.reject(error)
    this.waiting = undefined
  }
}

const idle = new Map<string, Server[]>()

/** Asks a server that is free, or a new one. One that failed is not asked again. */
export async function askServer(file: string, args: readonly string[], question: string): Promise<Value> {
  const key = JSON.stringify([file, ...args])
  const free = idle.get(key) ?? []
  idle.set(key, free)
  const server = free.pop() ?? new Server(file, args)
  const answer = await server.ask(question)
  free.push(server)
  return answer
}
