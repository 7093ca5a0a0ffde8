/** Of a list as long as it comes: `Math.max(...list)` overflows the stack at some 120,000 numbers. */
export function largest(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), -Infinity)
}

/** The same the other way round. */
export function smallest(numbers: readonly number[]): number {
  return numbers.reduce((least, number) => Math.min(least, number), Infinity)
}
