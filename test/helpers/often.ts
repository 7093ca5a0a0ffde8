/**
 * How often a property is tried. HELM_NETPOL_CASES asks for another number, HELM_NETPOL_SEED (printed with
 * every failure) repeats a run.
 */
export function often(numRuns: number): { numRuns: number; seed?: number } {
  const { HELM_NETPOL_CASES: cases = '', HELM_NETPOL_SEED: seed = '' } = process.env
  return { numRuns: cases === '' ? numRuns : Number(cases), ...(seed === '' ? {} : { seed: Number(seed) }) }
}
