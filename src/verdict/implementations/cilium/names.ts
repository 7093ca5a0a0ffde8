/**
 * Whether a name is one that `toFQDNs` selects (pkg/fqdn/matchpattern/matchpattern.go): `*` stands for any characters of one
 * label, `**.` at the start for one or more labels, and stars alone for every name.
 */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const wanted = labelsOf(pattern)
  if (/^\*+\.?$/.test(pattern)) return () => true
  const deep = /^\*\*+\./.test(pattern)
  const rest = deep ? wanted.slice(1) : wanted
  return name => {
    const given = labelsOf(name)
    if (deep ? given.length <= rest.length : given.length !== rest.length) return false
    return rest.every((label, index) => matchesLabel(label, given[given.length - rest.length + index] ?? ''))
  }
}

/** A dot at the end is understood; letters of both cases are the same. */
function labelsOf(name: string): string[] {
  return name.toLowerCase().replace(/\.$/, '').split('.')
}

/** The parts between the stars stand in this order; each is taken where it comes first. */
function matchesLabel(pattern: string, label: string): boolean {
  const [start = '', ...parts] = pattern.split('*')
  const end = parts.pop()
  if (end === undefined) return label === start
  if (!label.startsWith(start) || !label.endsWith(end)) return false
  let from = start.length
  for (const part of parts) {
    const at = label.indexOf(part, from)
    if (at < 0) return false
    from = at + part.length
  }
  return from <= label.length - end.length
}
