export type Fits = (line: string) => boolean

/** Lines of words; a word that no line holds is broken, after punctuation where there is some. */
export function wrapWords(text: string, fits: Fits): string[] {
  const lines: string[] = []
  for (const piece of text.split(' ').flatMap(word => pieces(word, fits))) {
    const last = lines.at(-1)
    const longer = `${last}${piece.glued ? '' : ' '}${piece.text}`
    if (last !== undefined && fits(longer)) lines[lines.length - 1] = longer
    else lines.push(piece.text)
  }
  return lines
}

interface Piece {
  readonly text: string
  /** It goes on with the word of the piece before. */
  readonly glued: boolean
}

function pieces(word: string, fits: Fits): Piece[] {
  const found: Piece[] = []
  let rest = word
  do {
    const fitting = longest(rest, fits)
    const after = fitting === rest ? fitting : (/^.*[-/.,:=_@]/su.exec(fitting)?.[0] ?? '')
    // Little is worth a line of its own only where what follows is not broken for it.
    const text = after.length > fitting.length / 2 || (after !== '' && fits(upToPunctuation(rest.slice(after.length)))) ? after : fitting
    found.push({ text, glued: found.length > 0 })
    rest = rest.slice(text.length)
  } while (rest !== '')
  return found
}

function upToPunctuation(text: string): string {
  return /^[^-/.,:=_@]*[-/.,:=_@]?/su.exec(text)?.[0] ?? ''
}

/** At least one character, so that wrapping comes to an end. */
function longest(text: string, fits: Fits): string {
  let fitting = ''
  for (const character of text) {
    if (fitting !== '' && !fits(`${fitting}${character}`)) break
    fitting += character
  }
  return fitting
}
