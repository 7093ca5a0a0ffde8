/** Switches, and ways to say that there is none. */
export const switchWords: ReadonlySet<string> = new Set([
  'true',
  'false',
  'yes',
  'no',
  'on',
  'off',
  'none',
  'null',
  'nil',
  'auto',
  'default',
  'disabled',
  'enabled',
  'inherit',
  'undefined',
])
