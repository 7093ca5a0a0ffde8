import { largest } from '../largest.ts'
import { element, join } from './markup.ts'
import type { Markup } from './markup.ts'
import type { Matrix } from './matrix.ts'
import { describe } from './svg/describe.ts'
import { group, path, rect, round } from './svg/draw.ts'
import { drawHead, drawLegend, title } from './svg/head.ts'
import { drawLane } from './svg/lane.ts'
import { placeLanes } from './svg/layout.ts'
import { lanesOf } from './svg/model.ts'
import { stylesheet } from './svg/stylesheet.ts'

/** The picture: who may talk to the controllers, and where they may go. It needs nothing beside itself. */
export function renderSvg(matrix: Matrix): string {
  return `${drawPicture(matrix, { titled: true }).text}\n`
}

/** Without its title and facts where the page around it has them. */
export function drawPicture(matrix: Matrix, { titled }: { readonly titled: boolean }): Markup {
  const lanes = placeLanes(lanesOf(matrix))
  const width = Math.max(narrowest, largest(lanes.map(lane => lane.width))) + 2 * margin
  const head = titled ? drawHead(matrix, width - 2 * margin) : drawLegend(width - 2 * margin, 6)
  let y = margin + head.height
  const drawn = lanes.map(lane => {
    const rule = path(`M${margin} ${round(y + gap)}H${round(width - margin)}`, { class: 'rule' })
    const top = y + 2 * gap
    y = top + lane.height
    return join([rule, drawLane(lane, (width - lane.width) / 2, top - lane.top)])
  })
  const height = Math.ceil(y + margin)
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'netpol',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': 'netpol-title netpol-desc',
    },
    element('title', { id: 'netpol-title' }, title),
    element('desc', { id: 'netpol-desc' }, describe(matrix)),
    element('style', {}, stylesheet),
    rect({ x: 0, y: 0, width, height }, 0, { class: 'canvas' }),
    group({ transform: `translate(${margin} ${margin})` }, head.drawn),
    drawn,
  )
}

const margin = 28
const gap = 28
const narrowest = 640
