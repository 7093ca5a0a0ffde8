/** Longest name that is also a label value and a DNS label. */
const longest = 63

/** Gives names to policies, each once in its scope. */
export class Names {
  private readonly given = new Set<string>()

  /**
   * The parts joined; where that is too long, or given to others (`a-b` + `c`, `a` + `b-c`), a hash of the parts keeps it unique and stable.
   * `scope`: the namespace; undefined where that is left to Helm, or where there is none.
   */
  give(scope: string | undefined, parts: readonly string[]): string {
    const plain = parts.join('-')
    const name = plain.length > longest || this.given.has(keyOf(scope, plain)) ? hashed(parts) : plain
    this.given.add(keyOf(scope, name))
    return name
  }
}

function keyOf(scope: string | undefined, name: string): string {
  return JSON.stringify([scope, name])
}

function hashed(parts: readonly string[]): string {
  const hash = fnv1a(parts.join('/'))
  return `${parts
    .join('-')
    .slice(0, longest - hash.length - 1)
    .replace(/[-.]+$/, '')}-${hash}`
}

/** FNV-1a, 64 bits, in hexadecimal: names need to differ, not to keep a secret, and a crypto module costs start-up time. */
function fnv1a(text: string): string {
  const hash = [...Buffer.from(text)].reduce((sum, byte) => BigInt.asUintN(64, (sum ^ BigInt(byte)) * 0x100000001b3n), 0xcbf29ce484222325n)
  return hash.toString(16).padStart(16, '0').slice(0, 10)
}
