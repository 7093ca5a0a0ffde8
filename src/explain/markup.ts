import { visibleLines } from '../visible.ts'

/** Text that is XML or HTML already; everything else is escaped on its way in. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Children = readonly (string | Markup)[]

export type Attributes = Readonly<Record<string, string | number>>

/** `<name …>children</name>`; without children it closes itself, as both XML and HTML's void elements have it. */
export function element(name: string, attributes: Attributes, ...children: Children): Markup {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(String(value))}"`)
  const open = `<${name}${written.join('')}`
  return new Markup(children.length === 0 ? `${open}/>` : `${open}>${join(children).text}</${name}>`)
}

export function join(children: Children, separator = ''): Markup {
  return new Markup(children.map(child => (child instanceof Markup ? child.text : escape(child))).join(separator))
}

function escape(text: string): string {
  return visibleLines(text).replace(/[&<>"']/g, character => entities[character] ?? character)
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
