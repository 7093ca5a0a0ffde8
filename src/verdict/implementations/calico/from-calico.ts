import type { CalicoPolicy } from '../../policies/calico-policy.ts'
import type { CalicoEntity, CalicoRule } from '../../policies/calico-rule.ts'
import type { Pod } from '../../world.ts'
import type { Inventory } from './inventory.ts'
import type { Entity, Rule } from './rule.ts'
import { compileSelector, own } from './selector.ts'
import type { Matches, Scope } from './selector.ts'
import type { Behind } from './services.ts'

/** Whether a policy is one of the pod's (updateprocessors/networkpolicyprocessor.go and globalnetworkpolicyprocessor.go, v3.34). */
export function selectsPods({ namespace, selector, namespaceSelector, serviceAccountSelector }: CalicoPolicy, inventory: Inventory): (pod: Pod) => boolean {
  const matches = all(matchesOf(selector, 'endpoint'), matchesOf(namespaceSelector, 'namespace'), matchesOf(serviceAccountSelector, 'serviceAccount'))
  return pod => (namespace === undefined || pod.namespace === namespace) && (matches === undefined || matches(inventory.labelsOf(pod)))
}

/** `namespace`: of the policy; undefined for a GlobalNetworkPolicy. */
export function toRule(rule: CalicoRule, namespace: string | undefined, inventory: Inventory, behind: Behind): Rule {
  const { ipVersion, protocol, notProtocol, source, destination } = rule
  const toEntity = (entity: CalicoEntity, side: 'source' | 'destination'): Entity => ({
    ...toSelections(entity, namespace, inventory),
    service: entity.service === undefined ? undefined : behind(entity.service, side),
    nets: entity.nets,
    notNets: entity.notNets,
    ports: entity.ports,
    notPorts: entity.notPorts,
  })
  return { ipVersion, protocol, notProtocol, source: toEntity(source, 'source'), destination: toEntity(destination, 'destination') }
}

/** Beside a selector, notSelector leaves out some of those that it selects; alone, it leaves out those that it selects of the whole world (combineMatchesIfPossible in felix/calc/rule_scanner.go). */
function toSelections(entity: CalicoEntity, namespace: string | undefined, inventory: Inventory): Pick<Entity, 'selected' | 'notSelected'> {
  const positive = positiveOf(entity, namespace)
  const negative = matchesOf(entity.notSelector, 'endpoint')
  if (positive === undefined) return { notSelected: negative === undefined ? undefined : inventory.select(negative) }
  return { selected: inventory.select(negative === undefined ? positive : labels => positive(labels) && !negative(labels)) }
}

/** As soon as a rule of a NetworkPolicy selects by labels, it stays in its own namespace or in those that it selects (getEndpointSelector in updateprocessors/rules.go). */
function positiveOf({ selector, notSelector, namespaceSelector, serviceAccounts }: CalicoEntity, namespace: string | undefined): Matches | undefined {
  const namespaces = matchesOf(namespaceSelector, 'namespace')
  const positive = all(accountsOf(serviceAccounts), matchesOf(selector, 'endpoint'))
  const home = namespace === undefined ? undefined : matchesOf(`${own.namespace} == '${namespace}'`, 'endpoint')
  const selects = positive !== undefined || notSelector !== undefined
  return all(namespaces ?? (selects ? home : undefined), positive)
}

/** Calico writes the names into a selector; with names that break it, neither they nor the selector limit the rule (parseServiceAccounts). */
function accountsOf({ names, selector }: CalicoEntity['serviceAccounts']): Matches | undefined {
  const bySelector = matchesOf(selector, 'serviceAccount')
  if (names.length === 0) return bySelector
  const byName = matchesOf(`${own.serviceAccount} in { '${names.join("', '")}' }`, 'endpoint')
  return byName === undefined ? undefined : all(bySelector, byName)
}

function matchesOf(selector: string | undefined, scope: Scope): Matches | undefined {
  return selector === undefined ? undefined : compileSelector(selector, scope)
}

function all(...parts: readonly (Matches | undefined)[]): Matches | undefined {
  const given = parts.filter(part => part !== undefined)
  return given.length === 0 ? undefined : labels => given.every(matches => matches(labels))
}
