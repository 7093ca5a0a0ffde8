import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { at, list, parseJson, text } from '../harness/manifest.ts'
import type { Value } from '../harness/manifest.ts'
import { crds } from '../harness/crds.ts'
import type { Judges } from '../harness/judges.ts'

const READY_MS = 120_000

export interface Reply {
  status: number
  body: Value
}

export interface Cluster {
  kubeconfig: string
  call(method: string, path: string, body?: { type: string; text: string }): Promise<Reply>
  stop(): Promise<void>
}

/**
 * Starts the control plane. A shell holds it and waits for the end of our pipe: when this process is gone, even killed outright,
 * the shell stops the server and removes the folder.
 */
export async function startCluster(judges: Judges): Promise<Cluster> {
  const program = judges.path('testcluster')
  const folder = mkdtempSync(join(tmpdir(), 'helm-netpol-cluster-'))
  const script = '"$0" "$1" >"$1/log" 2>&1 & pid=$!; read -r _; kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; rm -rf "$1"'
  // Its own group: an interrupt from the keyboard must not end the shell before it has tidied up.
  const shell = spawn('sh', ['-c', script, program, folder], { stdio: ['pipe', 'ignore', 'inherit'], detached: true })
  const ended = new Promise<void>(resolve => shell.on('close', () => resolve()))
  const stop = async (): Promise<void> => {
    shell.stdin.end()
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const kubeconfig = join(folder, 'kubeconfig')
    await until(
      'the API server writes its kubeconfig',
      READY_MS,
      () => Promise.resolve(existsSync(kubeconfig)),
      () => lastLines(folder),
    )
    const access = readAccess(kubeconfig)
    const call: Cluster['call'] = async (method, path, body) => {
      for (let tries = 0; ; tries++) {
        const reply = await send(access, method, path, body)
        // A new CRD's storage answers 429 for a moment.
        if (reply.status !== 429 || tries === 50) return reply
        await new Promise(resolve => setTimeout(resolve, 200))
      }
    }
    await until(
      'the API server is ready',
      READY_MS,
      async () => (await call('GET', '/readyz').catch(() => ({ status: 0 }))).status === 200,
      () => lastLines(folder),
    )
    // The namespace and roles of a new cluster come a moment later than readiness.
    await until(
      'namespace default is there',
      READY_MS,
      async () => (await call('GET', '/api/v1/namespaces/default')).status === 200,
      () => lastLines(folder),
    )
    await applyCrds(call)
    return { kubeconfig, call, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

interface Access {
  server: URL
  token: string
}

function readAccess(kubeconfig: string): Access {
  const config = parseJson(JSON.stringify(parse(readFileSync(kubeconfig, 'utf8'))))
  const server = text(at(config, 'clusters', 0, 'cluster', 'server'))
  const token = text(at(config, 'users', 0, 'user', 'token'))
  if (server === undefined || token === undefined) throw new Error(`${kubeconfig} names no server or token`)
  return { server: new URL(server), token }
}

function send({ server, token }: Access, method: string, path: string, body?: { type: string; text: string }): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const call = request(
      // The certificate is the server's own, made a second ago, and the address is loopback.
      {
        hostname: server.hostname,
        port: server.port,
        method,
        path,
        rejectUnauthorized: false,
        timeout: 60_000,
        headers: { authorization: `Bearer ${token}`, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': body.type }) },
      },
      response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString()
          resolve({ status: response.statusCode ?? 0, body: answer.startsWith('{') ? parseJson(answer) : answer })
        })
      },
    )
    call.on('error', reject)
    call.on('timeout', () => call.destroy(new Error(`${method} ${path}: no answer`)))
    call.end(body?.text)
  })
}

export async function until(what: string, limit: number, isSo: () => Promise<boolean>, explain: () => string): Promise<void> {
  const end = Date.now() + limit
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`waited ${limit / 1000} s in vain until ${what}\n${explain()}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

const lastLines = (folder: string): string => {
  const log = join(folder, 'log')
  return existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(-15).join('\n') : ''
}

/** Server-side apply, and the object as the server has it then; `dryRun` stores nothing. The server's words when it refuses. */
export async function apply(call: Cluster['call'], path: string, manifest: string, dryRun = false): Promise<Value> {
  const query = `fieldManager=conformance&force=true&fieldValidation=Strict${dryRun ? '&dryRun=All' : ''}`
  const { status, body } = await call('PATCH', `${path}?${query}`, { type: 'application/apply-patch+yaml', text: manifest })
  if (status !== 200 && status !== 201) throw new Error(text(at(body, 'message')) ?? `status ${status}`)
  return body
}

async function applyCrds(call: Cluster['call']): Promise<void> {
  const names = await Promise.all((await crds()).map(source => applyCrd(call, source)))
  for (const name of names)
    await until(
      `${name} is established`,
      READY_MS,
      async () => {
        const { body } = await call('GET', `${CRD}/${name}`)
        return list(at(body, 'status', 'conditions')).some(condition => at(condition, 'type') === 'Established' && at(condition, 'status') === 'True')
      },
      () => '',
    )
}

const CRD = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

export async function applyCrd(call: Cluster['call'], source: string): Promise<string> {
  const name = text(at(parseJson(JSON.stringify(parse(source))), 'metadata', 'name'))
  if (name === undefined) throw new Error('a CRD without a name')
  await apply(call, `${CRD}/${name}`, source)
  return name
}

export async function createNamespace(call: Cluster['call'], name: string): Promise<void> {
  await apply(call, `/api/v1/namespaces/${name}`, `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${JSON.stringify(name)}}\n`)
}
