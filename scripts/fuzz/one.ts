import { readFileSync } from 'node:fs'
import { readCase } from '../../test/fuzz/case.ts'
import { play } from '../../test/fuzz/play.ts'

/** Plays the case of a file, for a parent that sees whether it comes back. */
await play(readCase(readFileSync(process.argv[2] ?? '', 'utf8')))
