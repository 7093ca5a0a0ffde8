/** Longest name that is also a label value and a DNS label. */
const longest = 63

/** Joins the parts of a name; a name that is too long is cut, and a hash of the whole keeps it unique and stable. */
export function policyName(...parts: readonly string[]): string {
  const name = parts.join('-')
  if (name.length <= longest) return name
  const hash = fnv1a(parts.join('/'))
  return `${name.slice(0, longest - hash.length - 1).replace(/[-.]+$/, '')}-${hash}`
}

/** FNV-1a, 64 bits, in hexadecimal: names need to differ, not to keep a secret, and a crypto module costs start-up time. */
function fnv1a(text: string): string {
  const hash = [...Buffer.from(text)].reduce((sum, byte) => BigInt.asUintN(64, (sum ^ BigInt(byte)) * 0x100000001b3n), 0xcbf29ce484222325n)
  return hash.toString(16).padStart(16, '0').slice(0, 10)
}
