import { verdictNames } from '../cells.ts'
import { fonts, palettes, properties, sans, strokes } from './style.ts'
import type { Colour } from './style.ts'

/** Every rule is under `.netpol`, so that the picture can stand in a page. */
export const stylesheet = [
  properties('.netpol'),
  rule('', `font-family:${sans}`),
  rule('text', `font-size:${fonts.small.size}px`, paint('fill', 'text')),
  rule('.title', `font-size:${fonts.title.size}px;font-weight:600`),
  rule('.name', `font-size:${fonts.name.size}px;font-weight:600`),
  rule('.who', `font-size:${fonts.who.size}px;font-weight:600`),
  rule('.heading', 'font-weight:600', paint('fill', 'muted')),
  rule('.small', paint('fill', 'muted')),
  rule('.none', 'font-style:italic', paint('fill', 'muted')),
  rule('.end', 'text-anchor:end'),
  rule('.canvas', paint('fill', 'canvas')),
  rule('.box', paint('fill', 'surface'), paint('stroke', 'border')),
  rule('.surface', paint('fill', 'surface')),
  rule('.head', paint('fill', 'head')),
  rule('.frame', 'fill:none;stroke-width:1.5', paint('stroke', 'accent')),
  rule('.rule', 'fill:none;stroke-opacity:.4', paint('stroke', 'border')),
  rule('.lock', 'fill:none;stroke-width:1.3;stroke-linejoin:round', paint('stroke', 'muted')),
  rule('.line', 'fill:none'),
  rule('.pill', paint('fill', 'canvas')),
  rule('.sign', 'fill:none;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round'),
  rule('.hollow', 'fill:none;stroke-width:1.5'),
  rule('.socket', 'stroke-width:5;stroke-linecap:round'),
  rule('.bar', 'stroke-width:3;stroke-linecap:round', paint('stroke', 'cut')),
  rule('.small.cut', 'stroke:none', paint('fill', 'cut')),
  ...verdictNames.flatMap(name => [
    rule(`.${name}`, paint('stroke', name)),
    rule(`.wire.${name}`, 'stroke:none'),
    rule(`.line.${name}`, strokes[name]),
    rule(`.tip.${name}:not(.hollow)`, 'stroke:none', paint('fill', name)),
  ]),
].join('\n')

function rule(selector: string, ...declarations: readonly string[]): string {
  return `.netpol ${selector}{${declarations.join(';')}}`.replace(' {', '{')
}

/** The light colour first, for viewers that know no custom properties. */
function paint(property: 'fill' | 'stroke', colour: Colour): string {
  return `${property}:${palettes.light[colour]};${property}:var(--${colour})`
}
