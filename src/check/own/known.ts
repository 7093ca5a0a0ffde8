import { nearest } from '../../values/nearest.ts'

/** Those that are known, for a word that is none of them: `did you mean stage/db? known are stage/app, stage/db`. `shown`: a name as it is written. */
export function knownAre(word: string, names: readonly string[], shown = (name: string): string => name): string {
  const near = nearest(word, names)
  const listed = names.length === 0 ? 'none' : names.slice(0, most).map(shown).join(', ')
  const others = names.length > most ? ` and ${names.length - most} others` : ''
  return `${near === undefined ? '' : `did you mean ${shown(near)}? `}known are ${listed}${others}`
}

const most = 30
