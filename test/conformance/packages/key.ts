import { join } from 'node:path'
import type { Environment } from '../harness/proc.ts'
import { must, run } from '../harness/proc.ts'
import { scratch } from '../harness/scratch.ts'

/** A key that only this run knows. */
export interface Key {
  readonly id: string
  /** The public half, as Helm reads keyrings. */
  readonly keyring: string
  readonly env: Environment
  /** Stops gpg's agent. */
  forget(): Promise<void>
}

/** Undefined where there is no gpg. */
export async function newKey(name = 'throwaway'): Promise<Key | undefined> {
  const found = await run('gpg', ['--version']).catch(() => undefined)
  if (found === undefined) return undefined
  // gpg's agent listens in this folder, and such paths must be short.
  const env = { GNUPGHOME: scratch(`gpg-${name}`) }
  await must('chmod', ['700', env.GNUPGHOME])
  const id = `${name}@example.org`
  await must('gpg', ['--batch', '--quiet', '--passphrase', '', '--quick-generate-key', id, 'ed25519', 'sign', 'never'], { env })
  const keyring = join(env.GNUPGHOME, 'public.gpg')
  await must('gpg', ['--batch', '--yes', '--output', keyring, '--export', id], { env })
  return { id, keyring, env, forget: async () => void (await run('gpgconf', ['--kill', 'all'], { env })) }
}
