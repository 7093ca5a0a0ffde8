const MARK = 'helm-netpol/policy:'

/** A stream cut before every separator line, so that joining gives it back. */
export function pieces(stream: string): string[] {
  return stream.split(/^(?=---(?:[ \t\r\n]|$))/m).filter(piece => piece !== '')
}

const isOurs = (piece: string): boolean => new RegExp(`^\\s+["']?${MARK.slice(0, -1)}["']?:`, 'm').test(piece)

/** The policies that the post-renderer put in. */
export const ourPolicies = (stream: string): string[] => pieces(stream).filter(isOurs)

/** The stream as it would be without them. */
export const withoutOurs = (stream: string): string =>
  pieces(stream)
    .filter(piece => !isOurs(piece))
    .join('')
