import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from './product.ts'
import { cleanEnvironment } from './postrender.ts'
import type { Environment } from './proc.ts'

/** A Helm that knows nothing of the user's own plugins, caches and clusters. */
export function helmEnvironment(home: string, kubeconfig = '/dev/null'): Environment & { HELM_DATA_HOME: string } {
  mkdirSync(home, { recursive: true })
  return {
    ...cleanEnvironment,
    HELM_CACHE_HOME: join(home, 'cache'),
    HELM_CONFIG_HOME: join(home, 'config'),
    HELM_DATA_HOME: join(home, 'data'),
    KUBECONFIG: kubeconfig,
  }
}

/** Helm 3 starts an executable: a shell line that runs the bundle. */
export function helm3PostRenderer(folder: string): string {
  const file = join(folder, 'netpol')
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${bundle()}" "$@"\n`)
  chmodSync(file, 0o755)
  return file
}
