/** Whether bytes are UTF-16, by the byte order mark or the zeros beside ASCII at the start: PowerShell's `>` writes it. */
export function isUtf16(bytes: Buffer): boolean {
  const [one, two, three, four] = bytes
  if ((one === 0xff && two === 0xfe) || (one === 0xfe && two === 0xff)) return true
  return one === 0 ? three === 0 && !!two && !!four : two === 0 && four === 0 && !!one && !!three
}
