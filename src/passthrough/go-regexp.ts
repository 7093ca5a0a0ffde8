/**
 * Why Go's regexp.Compile refuses an expression; undefined where it takes it. Follows regexp/syntax/parse.go
 * with the flags of Perl.
 */
export function goRegexpProblem(text: string): string | undefined {
  try {
    new Reader(text).expression()
    return undefined
  } catch (problem) {
    if (problem instanceof RegexpProblem) return problem.message
    throw problem
  }
}

class RegexpProblem extends Error {}

/** parse.go: maxHeight, and repeat. */
const deepest = 1000
const mostRepeats = 1000

class Reader {
  private readonly text: string
  private offset = 0

  constructor(text: string) {
    this.text = text
  }

  expression(): void {
    // For each open group how often its greatest part can be repeated.
    const groups: number[] = []
    let greatest = 1
    // What stands before a repetition: nothing it may follow, or how often that is repeated already.
    let before: { times: number; repetition: boolean } | undefined
    const put = (times: number, repetition = false): void => {
      before = { times, repetition }
      greatest = Math.max(greatest, times)
    }
    while (this.offset < this.text.length) {
      const repetition = this.repetition()
      if (repetition !== undefined) {
        if (before === undefined) throw new RegexpProblem(`nothing stands before the repetition ${repetition.text}`)
        if (before.repetition) throw new RegexpProblem(`the repetition ${repetition.text} follows another`)
        put(before.times * repetition.times, true)
        if (greatest > mostRepeats) throw new RegexpProblem(`its repetitions come to more than ${mostRepeats}`)
      } else if (this.take(/\(/y) !== undefined) {
        if (this.opensGroup()) {
          groups.push(greatest)
          greatest = 1
        }
        if (groups.length > deepest) throw new RegexpProblem('its groups are too deep')
        before = undefined
      } else if (this.take(/\)/y) !== undefined) {
        const outer = groups.pop()
        if (outer === undefined) throw new RegexpProblem('a ) has no (')
        const inner = greatest
        greatest = outer
        put(inner)
      } else if (this.take(/\|/y) !== undefined) {
        before = undefined
      } else if (this.element()) {
        put(1)
      }
    }
    if (groups.length > 0) throw new RegexpProblem('a ( is not closed')
  }

  /** A class, a literal or an escape; false for an empty literal, which is nothing. */
  private element(): boolean {
    if (this.take(/\[/y) !== undefined) this.characterClass()
    else if (this.take(/\\Q/y) !== undefined) return this.literal()
    else if (this.take(/\\[AbBdDsSwWz]/y) === undefined && !this.property() && this.escape() === false) this.take(/[^]/uy)
    return true
  }

  private literal(): boolean {
    const literal = this.take(/[^]*?(?=\\E|$)/y) ?? ''
    this.take(/\\E/y)
    return literal !== ''
  }

  /** `{2}`, `{2,}` or `{2,3}` count; anything else in braces stands for itself. */
  private repetition(): { text: string; times: number } | undefined {
    const sign = this.take(/[*+?]\??/y)
    if (sign !== undefined) return { text: sign, times: 1 }
    const text = this.take(/\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\}\??/y)
    if (text === undefined) return undefined
    const [least = 0, most = least] = text
      .split(/\D+/)
      .filter(digits => digits !== '')
      .map(Number)
    if (least > mostRepeats || most > mostRepeats || least > most) throw new RegexpProblem(`the repetition ${text} is out of range`)
    return { text, times: Math.max(most, 1) }
  }

  /** After the `(`: whether a group begins, or only flags are set. */
  private opensGroup(): boolean {
    if (this.take(/(?!\?)/y) !== undefined) return true
    if (this.take(/\?P?<\w+>/y) !== undefined) return true
    const flags = this.take(/\?[imsU]*(-[imsU]+)?[:)]/y)
    if (flags === undefined)
      throw new RegexpProblem(`Go has no ${JSON.stringify(this.text.slice(this.offset - 1, this.offset + 3))} (look-around and the like)`)
    return flags.endsWith(':')
  }

  /** After the `[`. */
  private characterClass(): void {
    this.take(/\^/y)
    for (let first = true; first || this.take(/\]/y) === undefined; first = false) {
      if (this.offset >= this.text.length) throw new RegexpProblem('a [ is not closed')
      const posix = this.take(/\[:[^]*?:\]/y)
      if (posix !== undefined && !/^\[:\^?(alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]$/.test(posix))
        throw new RegexpProblem(`the class ${posix} is not known`)
      if (posix !== undefined || this.take(/\\[dDsSwW]/y) !== undefined || this.property()) continue
      const low = this.character()
      if (this.take(/-(?=[^\]])/y) === undefined) continue
      if (this.character() < low) throw new RegexpProblem('a range in a class goes down')
    }
  }

  private character(): number {
    const escaped = this.escape()
    if (escaped !== false) return escaped
    return this.take(/[^]/uy)?.codePointAt(0) ?? 0
  }

  /** `\pL`, `\p{Greek}`: categories and scripts. */
  private property(): boolean {
    if (this.take(/\\[pP]/y) === undefined) return false
    const name = this.take(/\{\^?[^}]*\}|[^]/uy)?.replace(/^\{\^?|\}$/g, '')
    if (name !== 'Any' && !isProperty(name ?? '')) throw new RegexpProblem(`the property \\p{${name ?? ''}} is not known`)
    return true
  }

  /** The character that an escape stands for; false where there is none. */
  private escape(): number | false {
    if (this.text[this.offset] !== '\\') return false
    const found = this.take(/\\(?:0[0-7]{0,2}|[1-7][0-7]{1,2}|x[0-9a-fA-F]{2}|x\{[0-9a-fA-F]+\}|[afnrtv]|[!-/:-@[-`{-~ \x00-\x1f\x7f])/y)
    if (found === undefined) throw new RegexpProblem(`Go has no escape ${this.text.slice(this.offset, this.offset + 2)}`)
    const code = found.startsWith('\\x')
      ? Number.parseInt(found.replace(/[\\x{}]/g, ''), 16)
      : /^\\\d/.test(found)
        ? Number.parseInt(found.slice(1), 8)
        : (controls.get(found) ?? found.charCodeAt(1))
    if (code > 0x10ffff) throw new RegexpProblem(`${found} is no character`)
    return code
  }

  private take(expression: RegExp): string | undefined {
    expression.lastIndex = this.offset
    const found = expression.exec(this.text)?.[0]
    this.offset += found?.length ?? 0
    return found
  }
}

const controls = new Map([
  ['\\a', 7],
  ['\\f', 12],
  ['\\n', 10],
  ['\\r', 13],
  ['\\t', 9],
  ['\\v', 11],
])

function isProperty(name: string): boolean {
  return ['', 'Script='].some(kind => {
    try {
      return new RegExp(`^\\p{${kind}${name}}`, 'u') instanceof RegExp
    } catch {
      return false
    }
  })
}
