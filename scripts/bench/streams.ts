import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from '../bundling.ts'

/** A stream to measure with. */
export interface BenchStream {
  readonly name: string
  readonly path: string
  readonly bytes: number
  readonly documents: number
}

/** Rendered charts: the one that ships here, and every one in HELM_NETPOL_STREAMS or beside the repository. */
export function chartStreams(): BenchStream[] {
  const folder = process.env['HELM_NETPOL_STREAMS'] ?? join(root, '../shared/data/streams')
  const foreign = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.yaml')) : []
  const all = [example(), ...foreign.map(name => stream(basename(name, '.yaml'), join(folder, name)))]
  return all.sort((one, other) => one.bytes - other.bytes)
}

/** The stream of docs/example. */
export function example(): BenchStream {
  return stream('docs/example', join(root, 'docs/example/stream.yaml'))
}

/** Streams of one controller among definitions of 40 KB, from 4 KB to 100 MB. */
export function largeStreams(folder: string): BenchStream[] {
  const sizes: readonly [string, number][] = [
    ['made, 4 KB', 4e3],
    ['made, 100 KB', 1e5],
    ['made, 1 MB', 1e6],
    ['made, 5 MB', 5e6],
    ['made, 20 MB', 2e7],
    ['made, 100 MB', 1e8],
  ]
  return sizes.map(([name, bytes]) => made(folder, name, bytes, 400))
}

/** Streams of one size, in few and in ever more documents that do not matter. */
export function crowdedStreams(folder: string): BenchStream[] {
  const lengths: readonly [string, number][] = [
    ['of 100 KB', 1000],
    ['of 10 KB', 100],
    ['of 1 KB', 10],
    ['of 180 bytes', 1],
  ]
  return lengths.map(([name, properties]) => made(folder, `20 MB ${name}`, 2e7, properties))
}

function made(folder: string, name: string, bytes: number, properties: number): BenchStream {
  const path = join(folder, `${name.replaceAll(/\W+/g, '-')}.yaml`)
  const body = Array.from({ length: Math.min(properties, Math.ceil((bytes - controller.length) / property(0).length)) }, (_, index) => property(index)).join('')
  const count = Math.max(1, Math.round((bytes - controller.length) / definition(0, body).length))
  writeFileSync(path, controller)
  const batch = Math.ceil(2 ** 22 / body.length)
  for (let done = 0; done < count; done += batch) {
    const documents = Array.from({ length: Math.min(batch, count - done) }, (_, index) => definition(done + index, body))
    writeFileSync(path, documents.join(''), { flag: 'a' })
  }
  return { name, path, bytes: statSync(path).size, documents: count + 1 }
}

function stream(name: string, path: string): BenchStream {
  const text = readFileSync(path, 'utf8')
  return { name, path, bytes: statSync(path).size, documents: [...text.matchAll(/^---/gm)].length }
}

const controller = `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  selector:
    matchLabels:
      app: app
  template:
    metadata:
      labels:
        app: app
    spec:
      containers:
        - name: app
          ports:
            - name: metrics
              containerPort: 8080
`

function property(index: number): string {
  return `              field${String(index).padStart(4, '0')}:
                description: What the field is for, in the words of its authors.
                type: string
`
}

function definition(index: number, body: string): string {
  return `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things-${String(index).padStart(7, '0')}.example.com
spec:
${body}`
}
