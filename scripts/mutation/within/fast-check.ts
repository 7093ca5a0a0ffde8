import * as fc from 'fast-check'

/** Stands in for fast-check: the same few examples in every run, and none that only shrink a failure. */

export * from 'fast-check'

export const assert = ((property: fc.IRawProperty<unknown>, parameters: fc.Parameters<unknown> = {}) =>
  fc.assert(property, { ...parameters, seed: 1, endOnFailure: true, numRuns: Math.min(parameters.numRuns ?? most, most) })) as typeof fc.assert

const most = 60

export default { ...fc, assert }
