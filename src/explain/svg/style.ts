import type { Verdict } from '../matrix.ts'

/** Colours for light and dark; the text colours keep 4.5:1 on `canvas`, `surface` and `head` (WCAG AA). */
export const palettes = {
  light: {
    canvas: '#ffffff',
    surface: '#f6f8fa',
    head: '#ddf4ff',
    accent: '#0969da',
    border: '#818b98',
    text: '#1f2328',
    muted: '#59636e',
    allowed: '#1a7f37',
    possibly: '#8a5a00',
    cut: '#cf222e',
    open: '#59636e',
  },
  dark: {
    canvas: '#0d1117',
    surface: '#151b23',
    head: '#12263f',
    accent: '#4493f8',
    border: '#656c76',
    text: '#f0f6fc',
    muted: '#9ea7b3',
    allowed: '#3fb950',
    possibly: '#d29922',
    cut: '#ff7b72',
    open: '#9ea7b3',
  },
} as const satisfies Record<'light' | 'dark', Record<string, string>>

export type Colour = keyof (typeof palettes)['light']

export const sans = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif'

/** The custom properties, light unless dark is preferred. */
export function properties(selector: string): string {
  const declared = (palette: Readonly<Record<string, string>>): string =>
    Object.entries(palette)
      .map(([name, value]) => `--${name}:${value}`)
      .join(';')
  return `${selector}{color-scheme:light dark;${declared(palettes.light)}}
@media (prefers-color-scheme:dark){${selector}{${declared(palettes.dark)}}}`
}

/** Solid, dashed, dotted, thin: told apart without colour. */
export const strokes: Readonly<Record<Verdict, string>> = {
  allowed: 'stroke-width:2',
  possibly: 'stroke-width:2;stroke-dasharray:9 5',
  cut: 'stroke-width:2.5;stroke-dasharray:.1 6;stroke-linecap:round',
  open: 'stroke-width:1.25',
}

export const fonts = {
  title: { size: 18, bold: true },
  name: { size: 15, bold: true },
  who: { size: 13, bold: true },
  small: { size: 12, bold: false },
  label: { size: 12, bold: false },
} as const
