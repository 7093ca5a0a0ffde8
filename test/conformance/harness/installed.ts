import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** A program on the PATH, or a file by its path. */
export function isInstalled(name: string): boolean {
  const folders = isAbsolute(name) ? [''] : (process.env['PATH'] ?? '').split(delimiter)
  return folders.some(folder => {
    try {
      accessSync(join(folder, name), isAbsolute(name) ? constants.R_OK : constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
