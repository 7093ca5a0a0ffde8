import type { Chance } from '../../test/conformance/harness/chance.ts'
import { targets } from '../../test/fuzz/case.ts'
import type { Case, Flags } from '../../test/fuzz/case.ts'
import { formats } from '../../src/explain/formats.ts'
import { engineNames } from '../../src/values/schema.ts'
import { mutateStructure } from './mutate-structure.ts'
import { mutateText } from './mutate-text.ts'
import { scalars } from './words.ts'

/** Larger inputs tell nothing that smaller ones do not, and take longer. */
const longest = 64_000

/** A case changed in one to four places; `other` lends parts. */
export function mutate(given: Case, other: Case, chance: Chance): Case {
  let changed = given
  for (const _ of chance.times(1, 4, () => 0)) changed = once(changed, other, chance)
  return changed
}

function once(given: Case, other: Case, chance: Chance): Case {
  const kind = chance.below(20)
  if (kind === 0) return { ...given, target: chance.pick(targets) }
  if (kind < 3) return { ...given, flags: mutateFlags(given.flags, other.flags, chance) }
  if (kind < 5) return { ...given, sets: mutateSets(given, chance) }
  if (kind < 6) return { ...given, values: [...given.values, ...other.values].slice(0, 3) }
  if (kind < 7 && given.values.length > 1) return { ...given, values: given.values.slice(1) }
  if (kind < 13 && given.values.length > 0) {
    const index = chance.below(given.values.length)
    return { ...given, values: given.values.map((bytes, at) => (at === index ? mutatePart(bytes, other.values[0] ?? other.stream, chance) : bytes)) }
  }
  if (kind < 16 && given.target === 'flux') return { ...given, release: mutatePart(given.release, other.release, chance) }
  return { ...given, stream: mutatePart(given.stream, other.stream, chance) }
}

function mutatePart(bytes: Buffer, other: Buffer, chance: Chance): Buffer {
  const changed = chance.chance(0.5)
    ? mutateStructure(bytes, other, chance)
    : Buffer.from(mutateText(bytes.toString('latin1'), other.toString('latin1'), chance), 'latin1')
  return changed.length > longest ? changed.subarray(0, longest) : changed
}

function mutateFlags(flags: Flags, other: Flags, chance: Chance): Flags {
  const { engine: _, ...unnamed } = flags
  return chance.pick<() => Flags>([
    () => ({ ...flags, engine: chance.pick(engineNames) }),
    () => unnamed,
    () => ({ ...flags, ...other }),
    () => ({ ...flags, format: chance.pick(Object.keys(formats)) }),
    () => ({ ...flags, controller: chance.pick(['*', 'app', 'app,web', 'Deployment/app', '', chance.pick(scalars)]) }),
    () => ({ ...flags, namespace: chance.pick(['stage', 'prod', '', chance.pick(scalars)]) }),
    () => ({ ...flags, root: chance.pick(['netpol', 'networkPolicy', 'global', '__proto__', chance.pick(scalars)]) }),
    () => ({ ...flags, strict: !flags.strict }),
    () => ({ ...flags, onlyPolicies: !flags.onlyPolicies }),
    () => ({ ...flags, check: !flags.check }),
  ])()
}

const expressions = [
  'networkPolicy.enabled=true',
  'networkPolicy.engine=calico',
  'networkPolicy.egress.enabled=true,networkPolicy.egress.derive=true',
  'networkPolicy.defaultDeny.enabled=true',
  'networkPolicy.defaultDeny.order=2147483648',
  'networkPolicy.replace=true',
  'networkPolicy.translatePeers=true',
  'networkPolicy.controller={app,web}',
  'networkPolicy.egress.dnsCIDRs={169.254.20.10/32,fd00::1/128}',
  'networkPolicy.egress.apiserver.cidrs[0]=10.0.0.1/32',
  'networkPolicy.metrics.from[0].podSelector.matchLabels.a\\.b/c=d',
  'networkPolicy.additionalIngress[0].ports[0].port=8080',
  '{"networkPolicy":{"enabled":true}}',
  'networkPolicy={"enabled":true,"egress":{"enabled":true}}',
  'a[0][1][2].b[65535]=x',
  'a.__proto__.b=1',
]

function mutateSets({ sets }: Case, chance: Chance): Case['sets'] {
  const kind = chance.pick(['set', 'set-string', 'set-json'] as const)
  if (sets.length === 0 || chance.chance(0.5)) return [...sets, { kind, text: chance.pick(expressions) }].slice(-4)
  const index = chance.below(sets.length)
  return sets.map((set, at) => (at === index ? { ...set, text: toText(mutateText(fromText(set.text), fromText(chance.pick(expressions)), chance)) } : set))
}

/** One character a byte. */
function fromText(text: string): string {
  return Buffer.from(text).toString('latin1')
}

function toText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString()
}
