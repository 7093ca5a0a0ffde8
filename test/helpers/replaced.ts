/** What values are replaced with: of every type, and nearly right. */
export const replacements = ['null', 'true', '0', '80', '2000', '""', '"a"', '"A b"', '"10.0.0.0/8"', '[]', '{}', '[null]', '["a"]', '[{}]', '{"a":"b"}']

/** JSON text with one of its values, by number, replaced; `root`: a key that stays. */
export function replaced(text: string, where: number, replacement: string, root = ''): string {
  const isPart = (key: string): boolean => key !== '' && key !== root
  let count = 0
  JSON.parse(text, key => void (count += isPart(key) ? 1 : 0))
  let left = count === 0 ? -1 : where % count
  return JSON.stringify(JSON.parse(text, (key, value: unknown) => (isPart(key) && left-- === 0 ? JSON.parse(replacement) : value)))
}
