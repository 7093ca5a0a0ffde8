/** The known word that a mistyped one most likely means, or undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  // No known word is that long, and the distance takes time with the square of it.
  if (word.length > 64) return undefined
  const ranked = known
    .map(candidate => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance)
  const best = ranked[0]
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined
}

/** Edits between two words, a swap of neighbours counting as one (optimal string alignment). */
function distance(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1]
      // In a first row or column one side is undefined, the other never is.
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current[column] = Math.min(
        cell(rows, row - 1, column) + 1,
        (current[column - 1] ?? 0) + 1,
        cell(rows, row - 1, column - 1) + (same ? 0 : 1),
        swapped ? cell(rows, row - 2, column - 2) + 1 : Infinity,
      )
    }
    rows.push(current)
  }
  return cell(rows, one.length, other.length)
}

function cell(rows: readonly number[][], row: number, column: number): number {
  return rows[row]?.[column] ?? 0
}
