import { neededFlows } from '../../../src/check/account.ts'
import { connectionsOf } from '../../../src/check/ask/question.ts'
import type { Evidence } from '../../../src/check/ask/situation.ts'
import type { Named } from '../../../src/check/checked.ts'
import { prepare } from '../../../src/check/prepare.ts'
import type { Prepared } from '../../../src/check/prepare.ts'
import { Diagnostics } from '../../../src/diagnostics/collect.ts'
import { formatDiagnostics } from '../../../src/diagnostics/format.ts'
import { run } from '../../../src/run.ts'
import { split } from '../../../src/stream/split.ts'
import type { ImplementationName } from '../../../src/verdict/registry.ts'
import { toJson } from '../../../src/yaml/tree.ts'
import type { Json } from '../../../src/yaml/tree.ts'
import { isObject } from '../../../src/yaml/json.ts'
import type { Engine } from '../flows/model.ts'
import type { PolicyObject } from '../verdicts/model.ts'

/** What our own values ask for; undefined: the stream is asked as it stands. */
export interface Setting {
  name: string
  values: { engine: Engine; egress?: boolean; defaultDeny?: boolean } | undefined
  implementations: readonly ImplementationName[]
}

/** Everything that check asks of a stream. */
export interface Questions {
  policies: readonly PolicyObject[]
  /** Of policies that name none. */
  namespace: string
  flows: number
  /** Each connection in each of its worlds, as ours decides it. */
  evidence: readonly Evidence[]
}

export async function questionsOf(bytes: Buffer, { values }: Setting, implementation: ImplementationName): Promise<Questions> {
  const { segments, rendered, told } = await filtered(bytes, values)
  const diagnostics = new Diagnostics({ strict: false, root: 'networkPolicy' })
  const main = { name: 'stdin', bytes, segments, ...(rendered === undefined ? {} : { rendered }) }
  const prepared = await prepare({ streams: [main], world: undefined, implementation, namespace: undefined, root: 'networkPolicy' }, diagnostics.diagnose)
  if (prepared === undefined) throw new Error(`${told}${formatDiagnostics(diagnostics.all)}`)
  return questionsFor(prepared, neededFlows(prepared))
}

export function questionsFor(prepared: Prepared, named: readonly Named[]): Questions {
  return {
    policies: prepared.policies.map(({ tree }) => objectOf(toJson(tree))),
    namespace: prepared.namespace,
    flows: named.length,
    evidence: named.flatMap(({ question }) => connectionsOf(question).flatMap(asked => prepared.scene.situation.decide(asked))),
  }
}

async function filtered(bytes: Buffer, values: Setting['values']) {
  if (values === undefined) return { segments: split(bytes), rendered: undefined, told: '' }
  const { engine, egress = false, defaultDeny = false } = values
  const block = {
    enabled: true,
    engine,
    controller: '*',
    namespace: 'release',
    egress: { enabled: egress, apiserver: { cidrs: ['203.0.113.10/32'] } },
    defaultDeny: { enabled: defaultDeny },
  }
  const files = [{ path: 'values.yaml', text: JSON.stringify({ networkPolicy: block }) }]
  const options = { root: 'networkPolicy', files, sets: [], engine: undefined, controller: undefined, namespace: undefined, strict: false }
  const { facts, weaving, diagnostics } = await run(bytes, options)
  const told = formatDiagnostics(diagnostics.filter(({ severity }) => severity === 'error'))
  if (facts === undefined) throw new Error(told)
  return { segments: split(bytes).filter(({ index }) => !weaving.removed.has(index)), rendered: { text: weaving.inserted, facts }, told }
}

function objectOf(json: Json): PolicyObject {
  if (!isObject(json)) throw new Error('a policy is a mapping')
  return json
}
