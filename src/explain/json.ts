import type { Diagnostic } from '../diagnostics/collect.ts'
import { visibleJson } from '../visible.ts'
import type { Place } from '../yaml/tree.ts'
import type { Carrier, DefaultDenyMatrix, Finding, Matrix, MatrixFlow, WorkloadMatrix } from './matrix.ts'

/** For programs. Keys are in one order however the matrix was made, and nothing in it moves a terminal. */
export function renderJson(matrix: Matrix): string {
  return `${visibleJson(JSON.stringify(matrix, Object.keys(keys), 2))}\n`
}

/** Every key of the matrix, which the compiler checks; `JSON.stringify` writes those listed, in their order. */
const keys: Record<KeysOf<Matrix | WorkloadMatrix | MatrixFlow | Finding | Place | Carrier | DefaultDenyMatrix | Diagnostic>, true> = {
  version: true,
  engine: true,
  enabled: true,
  ok: true,
  workloads: true,
  defaultDenies: true,
  diagnostics: true,
  workload: true,
  policy: true,
  namespace: true,
  egress: true,
  egressLocked: true,
  flows: true,
  direction: true,
  row: true,
  party: true,
  peers: true,
  ports: true,
  verdict: true,
  reason: true,
  found: true,
  carriedBy: true,
  paste: true,
  document: true,
  rule: true,
  where: true,
  code: true,
  severity: true,
  message: true,
  help: true,
  place: true,
  source: true,
  line: true,
  column: true,
  path: true,
}

type KeysOf<T> = T extends unknown ? keyof T : never
