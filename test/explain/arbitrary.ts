import * as fc from 'fast-check'
import type { Matrix } from '../../src/explain/matrix.ts'
import { nasty, typical } from './matrices.ts'

export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 200 }),
  fc.constantFrom(...nasty),
  fc.constantFrom('', ' ', 'any', 'kube-apiserver'),
)

const place = fc.record({ source: text, line: fc.nat(), column: fc.nat(), path: text })

const flow = fc.record(
  {
    direction: fc.constantFrom('ingress' as const, 'egress' as const),
    row: text,
    party: text,
    peers: fc.array(text, { maxLength: 3 }),
    ports: fc.array(text, { maxLength: 3 }),
    reason: text,
    found: fc.array(fc.record({ where: text, place }, { requiredKeys: ['where'] }), { maxLength: 2 }),
    verdict: fc.constantFrom('allowed' as const, 'possibly' as const, 'cut' as const, 'open' as const),
    carriedBy: fc.array(fc.record({ document: text, rule: text }), { maxLength: 2 }),
    paste: text,
  },
  { requiredKeys: ['direction', 'row', 'party', 'peers', 'ports', 'reason', 'found', 'verdict', 'carriedBy'] },
)

const workload = fc.record({ workload: text, policy: text, egressLocked: fc.boolean(), flows: fc.array(flow, { maxLength: 5 }) })

/** Any texts in any number of flows. */
export const anyMatrix: fc.Arbitrary<Matrix> = fc.record(
  {
    version: text,
    engine: fc.constant(typical.engine),
    enabled: fc.boolean(),
    ok: fc.boolean(),
    workloads: fc.array(workload, { maxLength: 3 }),
    defaultDenies: fc.array(fc.record({ policy: text, namespace: fc.option(text, { nil: undefined }), egress: fc.boolean() }), { maxLength: 2 }),
    diagnostics: fc.array(
      fc.record(
        { code: fc.constant('NP100' as const), severity: fc.constant('error' as const), message: text, help: text, place },
        { requiredKeys: ['code', 'severity', 'message', 'help'] },
      ),
      { maxLength: 2 },
    ),
    paste: text,
  },
  { requiredKeys: ['version', 'engine', 'enabled', 'ok', 'workloads', 'defaultDenies', 'diagnostics'] },
)
