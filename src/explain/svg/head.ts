import { countsText, denyText, noticesOf, verdictNames, verdicts } from '../cells.ts'
import { join } from '../markup.ts'
import type { Markup } from '../markup.ts'
import type { Matrix, Verdict } from '../matrix.ts'
import { group, line, path, sign } from './draw.ts'
import { fonts } from './style.ts'
import { measure, wrap } from './text.ts'

export interface Head {
  readonly drawn: Markup
  readonly height: number
}

export const title = 'Who may talk to whom'

/** Title, what it is of, what must be known before the rest is read, and the legend. */
export function drawHead(matrix: Matrix, width: number): Head {
  const facts = [
    `helm-netpol ${matrix.version}, engine ${matrix.engine}. ${countsText(matrix)}.`,
    ...matrix.defaultDenies.map(deny => `Default deny: ${denyText(deny)}.`),
  ]
  const texts = [...noticesOf(matrix).map(text => ({ text, style: 'heading' })), ...facts.map(text => ({ text, style: 'small' }))].flatMap(({ text, style }) =>
    wrap(text, fonts.small, width, Infinity).lines.map(text => ({ text, style })),
  )
  const below = 30 + texts.length * 18
  const legend = matrix.workloads.length === 0 ? { drawn: join([]), height: below } : drawLegend(width, below + 22)
  return {
    drawn: join([
      line(0, 18, title, { class: 'title' }),
      ...texts.map(({ text, style }, index) => line(0, 40 + index * 18, text, { class: style })),
      legend.drawn,
    ]),
    height: legend.height,
  }
}

const sample = 34

/** A sample of each line, side by side as far as there is room. */
export function drawLegend(width: number, top: number): Head {
  let x = 0
  let y = top
  const entries = verdictNames.map(name => {
    const text = `${name}: ${verdicts[name].means}`
    const needed = sample + 22 + measure(text, fonts.small)
    if (x > 0 && x + needed > width) {
      x = 0
      y += 22
    }
    const entry = group({ transform: `translate(${x} ${y})` }, drawSample(name), line(sample + 22, 4, text, { class: 'small' }))
    x += needed + 18
    return entry
  })
  return { drawn: join(entries), height: y + 10 }
}

function drawSample(name: Verdict): Markup[] {
  return [path(`M1 0H${sample}`, { class: `line ${name}` }), sign(name, sample + 7, -5)]
}
