import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { engines } from '../../src/engines/registry.ts'
import type { EngineName } from '../../src/engines/registry.ts'
import { tellIgnored } from '../../src/values/ignored.ts'
import { engineSettings } from '../../src/values/schema.ts'
import { ears, settingsOf } from '../helpers/facts.ts'

const pods = '{podSelector: {}}'
const block = '{ipBlock: {cidr: 10.0.0.0/8}}'

test('peers and rules that an engine does not take are told, each with what is cut by it', async () => {
  const lists = `  metrics: {from: [${pods}]}\n  additionalIngress: [{}]\n  egress: {enabled: true, to: [{}]}\n`
  const told = (list: string, effect: string): string => `NP402 networkPolicy.${list} is for the kubernetes engine and is not rendered under cilium: ${effect}`
  assert.equal(await ignored('cilium', lists), [
    told('metrics.from', 'the metrics port stays open to everyone'),
    told('additionalIngress', 'these flows are cut'),
    told('egress.to', 'these destinations are cut'),
  ])
  assert.equal(await ignored('cilium', `${lists}  translatePeers: true\n`), [])
  assert.equal(await ignored('kubernetes', lists), [])
})

test('a webhook that pods alone may call is told where the list counts', async () => {
  const from = (...peers: string[]): string => `  webhook: {from: [${peers.join(', ')}]}\n`
  const narrow = /^NP403 networkPolicy\.webhook\.from lists no ipBlock/
  assert.match((await ignored('kubernetes', from(pods))).join(), narrow)
  assert.match((await ignored('cilium', `${from(pods)}  translatePeers: true\n`)).join(), narrow)
  assert.not.match((await ignored('cilium', from(pods))).join(), 'NP403')
  for (const peers of [[], [block], [pods, block], [block, pods]]) assert.equal(await ignored('kubernetes', from(...peers)), [], peers.join())
})

test('rules for egress that is not locked are told', async () => {
  const lists = (enabled: boolean): string => `  cilium: {egress: [{}]}\n  egress: {enabled: ${enabled}, to: [{}]}\n  translatePeers: true\n`
  const codes = (await ignored('cilium', lists(false))).map(text => text.slice(0, 5))
  assert.equal(codes, ['NP405', 'NP409'])
  assert.equal(await ignored('cilium', lists(true)), [])
})

test('rules in the words of other engines are told in one message', async () => {
  const lists = '  cilium: {ingress: [{}]}\n  calico: {egress: [{}]}\n  clusterNetworkPolicy: {ingress: [{}], egress: [{}]}\n  egress: {enabled: true}\n'
  assert.equal(await ignored('calico', lists), [
    'NP410 not rendered under calico, being for another engine: networkPolicy.cilium.ingress, networkPolicy.clusterNetworkPolicy.ingress, networkPolicy.clusterNetworkPolicy.egress',
  ])
})

test.run()

async function ignored(engineName: EngineName, lines: string): Promise<string[]> {
  const { diagnostics, diagnose } = ears()
  const settings = await settingsOf(lines)
  tellIgnored({ settings, engineName, engine: engines[engineName], own: engineSettings(settings, engineName), diagnose })
  return diagnostics.all.map(({ code, message }) => `${code} ${message}`)
}
