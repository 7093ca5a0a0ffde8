import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SetKind } from '../../../src/values/set.ts'
import { at, parseJson } from '../harness/manifest.ts'
import { cleanEnvironment } from '../harness/postrender.ts'
import { run } from '../harness/proc.ts'
import { scratch } from '../harness/scratch.ts'
import { below } from './case.ts'
import type { Case, Verdict } from './case.ts'

/** A case, and the name that it stands below. */
export interface Named {
  readonly given: Case
  /** Undefined only where a case is asked about alone. */
  readonly name: string | undefined
}

/** What Helm makes of cases, in the order of the cases. */
export type Judge = (cases: readonly Named[]) => Promise<Verdict[]>

/** `helm template` of a chart that prints its values. */
export function helmJudge(helm: string): Judge {
  const chart = scratch('values')
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: values\nversion: 0.0.1\n')
  writeFileSync(join(scratch('values/templates'), 'values.yaml'), 'kind: ConfigMap\napiVersion: v1\nvalues: {{ .Values | toJson | b64enc }}\n')
  const files = scratch('values-files')
  let runs = 0

  const render = async ({ files: texts, expressions }: Case): Promise<Verdict> => {
    const id = ++runs
    const paths = texts.map((text, index) => {
      const path = join(files, `${id}-${index}.yaml`)
      writeFileSync(path, text)
      return path
    })
    const flags = [...paths.map(path => `--values=${path}`), ...expressions.map(({ kind, text }) => `--${kind}=${text}`)]
    const ran = await run(helm, ['template', 'values', chart, ...flags], { env: cleanEnvironment })
    const encoded = /^values: (.*)$/m.exec(ran.stdout)?.[1]
    if (encoded !== undefined) return { values: parseJson(Buffer.from(encoded, 'base64').toString()) }
    if (!/failed (?:parsing --set|to parse )/.test(ran.stderr)) throw new Error(`helm4 failed for another reason: ${ran.stderr}`)
    return { refused: ran.stderr.trim() }
  }

  /** All in one run; where Helm refuses one of them it tells of no other, so each half again. */
  const judge: Judge = async cases => {
    const together = await render(joined(cases))
    if ('values' in together) return cases.map(({ name }) => ({ values: name === undefined ? together.values : at(together.values, name) }))
    if (cases.length === 1) return [together]
    const half = cases.length >> 1
    return [...(await judge(cases.slice(0, half))), ...(await judge(cases.slice(half)))]
  }
  return judge
}

function joined(cases: readonly Named[]): Case {
  const all = cases.map(({ given, name }) => below(name, given))
  const most = Math.max(...all.map(({ files }) => files.length))
  return {
    files: Array.from({ length: most }, (_, index) => all.flatMap(({ files }) => files[index] ?? []).join('')),
    expressions: setOrder.flatMap(kind => all.flatMap(({ expressions }) => expressions.filter(one => one.kind === kind))),
  }
}

/** Helm applies expressions of one kind after those of another. */
const setOrder: readonly SetKind[] = ['set-json', 'set', 'set-string']
