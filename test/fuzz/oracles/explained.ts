import { SaxesParser } from 'saxes'
import type { FormatName } from '../../../src/explain/formats.ts'
import type { Finding } from '../play.ts'

/** What holds of every text of `explain`. */
export function checkExplained(format: FormatName, text: string | undefined): Finding[] {
  if (text === undefined) return []
  return [
    ...(control.test(text) ? [{ oracle: 'explained', detail: `${format} has control characters` }] : []),
    ...(!text.endsWith('\n') ? [{ oracle: 'explained', detail: `${format} does not end its last line` }] : []),
    ...(format === 'svg' ? checkXml(text) : []),
    ...(format === 'json' ? checkJson(text) : []),
  ]
}

const control = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/u

function checkXml(text: string): Finding[] {
  try {
    const parser = new SaxesParser({ xmlns: true })
    parser.on('error', problem => {
      throw problem
    })
    parser.write(text).close()
    return []
  } catch (problem) {
    return [{ oracle: 'explained', detail: `svg is no XML: ${String(problem)}` }]
  }
}

function checkJson(text: string): Finding[] {
  try {
    JSON.parse(text)
    return []
  } catch (problem) {
    return [{ oracle: 'explained', detail: `no JSON: ${String(problem)}` }]
  }
}
