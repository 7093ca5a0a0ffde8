const PRINTED_FAILURES = 40

/** What one part of the suite found. A failure is printed as it is found, the first few in full. */
export class Report {
  readonly part: string
  passed = 0
  failed = 0
  skipped = 0
  private printed = 0
  private untold = 0
  private again = 0

  private readonly limit: number

  constructor(part: string, limit = PRINTED_FAILURES) {
    this.part = part
    this.limit = limit
  }

  say(line: string): void {
    process.stdout.write(`${line}\n`)
  }

  pass(count = 1): void {
    this.passed += count
  }

  fail(title: string, detail = ''): void {
    this.failed++
    if (++this.printed > this.limit) this.untold++
    else this.say(`  FAIL ${title}${detail === '' ? '' : `\n${indent(detail)}`}`)
  }

  /** A failure that has been told before. */
  failAgain(): void {
    this.failed++
    this.again++
  }

  /** What was counted and not told. */
  close(): void {
    if (this.again > 0) this.say(`  … and ${this.again} failures with nothing new in them`)
    if (this.untold > 0) this.say(`  … and ${this.untold} failures not printed`)
  }

  skip(count: number, why: string): void {
    this.skipped += count
    this.say(`  not asked (${count}): ${why}`)
  }

  /** One check with a name: passes when `work` returns, fails with what it throws. */
  async check(title: string, work: () => unknown): Promise<boolean> {
    try {
      await work()
      this.pass()
      return true
    } catch (error) {
      this.fail(title, error instanceof Error ? error.message : String(error))
      return false
    }
  }
}

export function indent(text: string, by = '       '): string {
  return text
    .trimEnd()
    .split('\n')
    .map(line => `${by}${line}`)
    .join('\n')
}

/** A table for the terminal: first row is the head, numbers are right-aligned. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, String(cell).length)))
  return rows
    .map(row =>
      row
        .map((cell, i) => (typeof cell === 'number' ? String(cell).padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .map(line => `  ${line}`)
    .join('\n')
}
