/** What of a setting's value a message may show: nothing before an `@`, which may be a password, and not all of a long one. */
export function shown(value: string): string {
  const rest = value.slice(value.lastIndexOf('@') + 1)
  const end = rest.length > longest ? `${rest.slice(0, longest)}…` : rest
  // An abstract socket begins with it.
  return value.lastIndexOf('@') > 0 ? `…@${end}` : value.startsWith('@') ? `@${end}` : end
}

const longest = 100
