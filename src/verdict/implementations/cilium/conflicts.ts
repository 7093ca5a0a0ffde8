import { title } from '../../../resources/resource.ts'
import type { Direction, StagedPolicy, StagedRule } from '../../contract.ts'
import type { CiliumPort, CiliumRule } from '../../policies/cilium-rule.ts'
import type { End, Pod } from '../../world.ts'
import type { Identity } from './identity.ts'
import type { OwnSpec } from './own-rules.ts'

/**
 * Rules about the same peers and the same port are one to Cilium. Where two of them cannot be made one, it makes no policy
 * for the pods that both select, and keeps what it had (mergePortProto in pkg/policy/rule.go): nobody can tell what that is.
 */
export function conflictsOf(specs: readonly OwnSpec[], identityOf: (end: End) => Identity): StagedPolicy[] {
  return (['ingress', 'egress'] as const).flatMap(direction => [...claimsBySlot(specs, direction).values()].flatMap(claims => conflictsIn(claims, identityOf)))
}

/** What one rule wants of one sort of peer on one port; those that deny want nothing of the proxy. */
interface Claim {
  readonly spec: OwnSpec
  readonly rule: CiliumRule
  readonly port: CiliumPort | undefined
}

function claimsBySlot(specs: readonly OwnSpec[], direction: Direction): Map<string, Claim[]> {
  const slots = new Map<string, Claim[]>()
  for (const spec of specs)
    for (const { rule, parts } of spec[direction].rules)
      for (const { selectors, ports = [undefined] } of parts)
        for (const { key } of selectors)
          for (const port of ports.filter(asked => wantsMore(rule, asked)))
            for (const slot of slotsOf(key, port)) {
              const claims = slots.get(slot)
              if (claims === undefined) slots.set(slot, [{ spec, rule, port }])
              else claims.push({ spec, rule, port })
            }
  return slots
}

/** What asks neither for authentication nor for the proxy goes with everything. */
function wantsMore({ authentication }: CiliumRule, port: CiliumPort | undefined): boolean {
  return authentication !== undefined || port?.proxy !== undefined
}

function slotsOf(selector: string, port: CiliumPort | undefined): string[] {
  if (port === undefined) return [selector]
  const numbers = typeof port.port === 'number' ? [port.port, port.end] : [port.port]
  return port.protocols.map(protocol => JSON.stringify([selector, ...numbers, protocol]))
}

function conflictsIn(claims: readonly Claim[], identityOf: (end: End) => Identity): StagedPolicy[] {
  return claims.flatMap((one, index) =>
    claims.slice(index + 1).flatMap(other => {
      const problem = problemOf(one, other)
      if (problem === undefined) return []
      const rules = eitherWay(other.rule, `Cilium cannot merge it with ${one.rule.path} of ${title(one.spec.policy)}: ${problem}`)
      const selects = (pod: Pod): boolean => [one, other].every(({ spec }) => spec.isSubject(identityOf(pod)))
      // One direction that fails takes the other with it.
      return [{ policy: other.spec.policy, selects, ingress: { locks: false, rules }, egress: { locks: false, rules } }]
    }),
  )
}

/** Whatever is found, it may be the other way round. */
function eitherWay({ path, tree }: CiliumRule, why: string): StagedRule[] {
  return (['allow', 'deny'] as const).map(action => ({ action, path, tree, matches: () => false, unread: { why, matches: () => true } }))
}

function problemOf(one: Claim, other: Claim): string | undefined {
  const [proxy, second] = [one.port?.proxy, other.port?.proxy]
  const modes = [one.rule.authentication, other.rule.authentication]
  if (differ(...modes)) return `the authentication is ${modes.join(' and ')}`
  if (proxy === undefined || second === undefined) return undefined
  const parsers = [proxy.parser, second.parser]
  if (differ(...parsers) && !(parsers.includes('tls') && parsers.includes('http'))) return `one is for the parser ${parsers.join(', the other for ')}`
  if (differ(proxy.listener?.name, second.listener?.name) && proxy.listener?.priority === second.listener?.priority) return 'they are for two listeners'
  if (differ(proxy.terminatingTLS, second.terminatingTLS)) return 'they terminate TLS with two secrets'
  if (differ(proxy.originatingTLS, second.originatingTLS)) return 'they originate TLS with two secrets'
  const terminated = proxy.terminatingTLS ?? second.terminatingTLS
  return differ(...parsers) && (proxy.serverNames || second.serverNames) && terminated === undefined
    ? 'serverNames beside HTTP rules need terminatingTLS'
    : undefined
}

function differ(one?: string, other?: string): boolean {
  return one !== undefined && other !== undefined && one !== other
}
