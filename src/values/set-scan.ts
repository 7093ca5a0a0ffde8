/** Characters up to a stop, with the backslashes taken away. */
export interface Piece {
  readonly text: string
  readonly start: number
  /** The stop that ended it (already read); undefined where the expression ended. */
  readonly stop: string | undefined
}

/** Reads an expression from left to right. */
export class Scanner {
  readonly text: string
  position = 0

  constructor(text: string) {
    this.text = text
  }

  get ended(): boolean {
    return this.position >= this.text.length
  }

  /** Reads to the first of `stops` that has no backslash before it. */
  until(stops: string): Piece {
    const start = this.position
    let text = ''
    while (!this.ended) {
      let character = this.text.charAt(this.position++)
      if (stops.includes(character)) return { text, start, stop: character }
      // A backslash that ends the expression stands for nothing.
      if (character === '\\') character = this.ended ? '' : this.text.charAt(this.position++)
      text += character
    }
    return { text, start, stop: undefined }
  }

  /** Reads `character` if it is next. */
  take(character: string): boolean {
    if (this.text.charAt(this.position) !== character) return false
    this.position++
    return true
  }

  skipBlanks(): void {
    while (isBlank(this.text.charAt(this.position))) this.position++
  }
}

/** White space as Go's unicode.IsSpace has it: with U+0085 and without U+FEFF, unlike `\s`. */
function isBlank(character: string): boolean {
  return /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/.test(character)
}
