import type { Peer, Requirement, Selector } from './model.ts'
import { NAME, NAMESPACE } from './world.ts'

export const labels = (matchLabels: Record<string, string>): Selector => ({ matchLabels })
export const requires = (...matchExpressions: Requirement[]): Selector => ({ matchExpressions })
const isIn = (key: string, ...values: string[]): Requirement => ({ key, operator: 'In', values })
const notIn = (key: string, ...values: string[]): Requirement => ({ key, operator: 'NotIn', values })
const exists = (key: string): Requirement => ({ key, operator: 'Exists' })
const isAbsent = (key: string): Requirement => ({ key, operator: 'DoesNotExist' })

export const ofPods: readonly Selector[] = [
  {},
  { matchLabels: {}, matchExpressions: [] },
  { matchLabels: null, matchExpressions: null },
  labels({ app: 'web' }),
  labels({ 'app.kubernetes.io/name': 'batch' }),
  // Namespaces have this label too.
  labels({ team: 'a' }),
  labels({ tier: '' }),
  labels({ app: 'prometheus', track: 'canary' }),
  labels({ app: 'nobody' }),
  requires(isIn('app', 'web')),
  requires(isIn('tier', 'front', 'back')),
  requires(isIn('tier', '', 'front')),
  requires(notIn('tier', 'back')),
  requires(notIn('app', 'web', 'db')),
  requires(notIn('track', '', 'stable')),
  requires(exists('track')),
  requires({ ...exists('app.kubernetes.io/name'), values: [] }),
  requires({ ...isAbsent('tier'), values: null }),
  requires(exists('tier'), notIn('tier', 'back')),
  { ...labels({ app: 'web' }), ...requires(notIn('tier', 'back'), exists('team')) },
]

export const ofNamespaces: readonly Selector[] = [
  {},
  labels({ [NAME]: 'monitoring' }),
  labels({ [NAME]: NAMESPACE }),
  labels({ env: 'prod' }),
  labels({ 'example.org/tier': 'user' }),
  labels({ team: '' }),
  labels({ env: 'prod', team: 'observability' }),
  labels({ env: 'prod', [NAME]: 'monitoring' }),
  requires(isIn('team', 'a', 'platform')),
  requires(isIn('team', '', 'a')),
  requires(notIn('team', 'a', 'platform')),
  requires(notIn('team', '')),
  requires(exists('team')),
  requires(isAbsent('env')),
  requires(isIn(NAME, 'apps', 'bare')),
  requires(notIn(NAME, 'apps', NAMESPACE)),
  requires(exists(NAME)),
  requires(isAbsent(NAME)),
  requires(notIn('team', 'a'), isAbsent('example.org/tier')),
  { ...labels({ env: 'dev' }), ...requires(exists('team'), notIn(NAME, 'apps')) },
]

/** What rules out and asks for nothing holds for what is no pod as well. */
const notUserTier = requires(notIn('example.org/tier', 'user'))

export const peersOfPods: readonly Peer[] = [
  ...ofPods.map(podSelector => ({ podSelector })),
  ...ofNamespaces.map(namespaceSelector => ({ namespaceSelector })),
  ...ofNamespaces.map(namespaceSelector => ({ namespaceSelector, podSelector: labels({ app: 'web' }) })),
  ...ofNamespaces.map(namespaceSelector => ({ namespaceSelector, podSelector: requires(notIn('app', 'web')) })),
  ...ofPods.map(podSelector => ({ namespaceSelector: {}, podSelector })),
  ...ofPods.map(podSelector => ({ namespaceSelector: notUserTier, podSelector })),
  { podSelector: null, namespaceSelector: labels({ env: 'dev' }), ipBlock: null },
  { podSelector: labels({ app: 'web' }), namespaceSelector: null },
]

/** Keys that are words of Calico's selectors. */
const WORDS = ['in', 'not', 'has', 'all', 'contains', 'not/in', 'global', 'starts']

export const peersInWords: readonly Peer[] = [
  ...WORDS.map(word => ({ namespaceSelector: {}, podSelector: labels({ [word]: 'x' }) })),
  ...WORDS.map(word => ({ namespaceSelector: {}, podSelector: requires(notIn(word, 'x', 'in', 'not'), exists('in')) })),
  { namespaceSelector: labels({ in: 'x' }) },
  { namespaceSelector: requires(isAbsent('in'), exists('team')) },
]

const block = (cidr: string, ...except: string[]): Peer => ({ ipBlock: except.length === 0 ? { cidr } : { cidr, except } })

export const plainBlocks: readonly Peer[] = [
  block('198.51.100.0/24'),
  block('198.51.100.7/32'),
  block('0.0.0.0/0'),
  // Pods, nodes, the API server: what a block of theirs selects is the engine's to say.
  block('10.1.0.0/24'),
  block('10.0.0.0/8'),
  block('192.168.1.0/24'),
  block('192.168.1.2/32'),
  block('172.20.0.0/28'),
  block('2001:db8:5::/48'),
  block('2001:DB8:5:0::7/128'),
  block('::/0'),
  block('fd00:10::/64'),
  { ipBlock: { cidr: '198.51.100.0/24', except: [] } },
  { ipBlock: { cidr: '203.0.113.0/24', except: null }, podSelector: null },
]

export const blocksWithExceptions: readonly Peer[] = [
  block('198.51.100.0/24', '198.51.100.128/25'),
  block('198.51.100.0/24', '198.51.100.7/32', '198.51.100.200/32'),
  block('198.51.100.0/24', '198.51.100.0/25', '198.51.100.0/26'),
  block('0.0.0.0/0', '198.51.100.0/24', '10.0.0.0/8', '192.168.1.2/32'),
  block('0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1'),
  block('10.1.0.0/16', '10.1.0.10/32'),
  block('2001:db8:5::/48', '2001:db8:5:1::/64'),
  block('::/0', '2001:DB8:5::/48', 'fd00:10::/64'),
]
