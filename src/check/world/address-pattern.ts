/** What `parseAddress` takes of a family, as a pattern for JSON Schema. */
export function addressPattern(version: 4 | 6): string {
  return `^(${version === 4 ? four() : six()})$`
}

function four(): string {
  const byte = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
  return `${byte}(\\.${byte}){3}`
}

/** Eight groups, the last two perhaps in the form of IPv4; `::` for one or more of them. */
function six(): string {
  const group = '[0-9A-Fa-f]{1,4}'
  const whole = `(${group}:){7}${group}|(${group}:){6}${four()}`
  const shortened = Array.from({ length: 8 }, (_, before) => {
    const head = before === 0 ? ':' : `(${group}:){${before}}`
    const tails = [...(before < 7 ? [`(${group}:){0,${6 - before}}${group}`] : []), ...(before < 6 ? [`(${group}:){0,${5 - before}}${four()}`] : [])]
    return `${head}:${tails.length === 0 ? '' : `(${tails.join('|')})?`}`
  })
  return [whole, ...shortened].join('|')
}
