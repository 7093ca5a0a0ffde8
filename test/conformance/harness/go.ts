import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseJson } from './manifest.ts'
import type { Value } from './manifest.ts'
import { cleanEnvironment } from './postrender.ts'
import { must } from './proc.ts'
import { scratch } from './scratch.ts'

let charts = 0

/** What Helm's YAML parser, which is the API server's, makes of documents: a chart reads them as its files and prints them as JSON. */
export async function readByGo(helm: string, documents: readonly string[]): Promise<Value[]> {
  const name = `read-${++charts}`
  const chart = scratch(name)
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: read\nversion: 0.0.1\n')
  writeFileSync(
    join(scratch(`${name}/templates`), 'read.yaml'),
    'kind: ConfigMap\napiVersion: v1\ndata:\n{{- range $path, $_ := .Files.Glob "files/*" }}\n  {{ base $path }}: {{ $.Files.Get $path | fromYaml | toJson | b64enc }}\n{{- end }}\n',
  )
  const files = scratch(`${name}/files`)
  documents.forEach((text, index) => writeFileSync(join(files, `d${index}`), text))
  const printed = await must(helm, ['template', 'read', chart], { env: cleanEnvironment })
  const found = new Map([...printed.matchAll(/^  (d\d+): (.*)$/gm)].map(([, key = '', encoded = '']) => [key, parseJson(Buffer.from(encoded, 'base64').toString())]))
  return documents.map((_, index) => found.get(`d${index}`) ?? null)
}
