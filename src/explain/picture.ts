/** The pictures, and the layout library with them: a bundle of its own. */
export { renderHtml } from './html.ts'
export { renderSvg } from './svg.ts'
