import type { Ratio } from './measure.ts'

/** A table of Markdown; all columns but the first are numbers. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n')
}

/** `1.53 (1.50 to 1.57)`: median and middle half. */
export function shown({ median, low, high }: Ratio): string {
  return `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`
}

/** Bytes in the unit that a reader would take. */
export function size(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} KB` : `${(bytes / 1e6).toFixed(1)} MB`
}

export function megabytes(peak: number | undefined): string {
  return peak === undefined ? 'not measured' : `${peak.toFixed(0)} MB`
}

/** How often a measurement is repeated: `ROUNDS` times as often as usual. */
export function rounds(usual: number): number {
  return Math.max(3, Math.round(usual * Number(process.env['ROUNDS'] ?? 1)))
}
