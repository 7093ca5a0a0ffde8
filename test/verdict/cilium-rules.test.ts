import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { allowing, ccnp, cnp, decide, egress, everyone, flowOf, from, ingress, knp, outside, reached, to } from '../helpers/cilium-verdicts.ts'

test('a policy is for pods of its namespace, whatever its selector says of it', async () => {
  const rule = 'ingress: [{fromEntities: [all]}]'
  assert.is(await ingress(cnp(`{endpointSelector: {}, ${rule}}`), 'green/web > red/web'), 'allow p spec.ingress[0]')
  assert.is(await ingress(cnp(`{endpointSelector: {}, ${rule}}`), 'red/web > green/web'), 'nothing')
  assert.is(await ingress(cnp(`{endpointSelector: {matchLabels: {app: db}}, ${rule}}`), 'green/web > red/web'), 'nothing')
  assert.is(
    await ingress(cnp(`{endpointSelector: {matchLabels: {"k8s:io.kubernetes.pod.namespace": green}}, ${rule}}`), 'green/web > red/web'),
    'allow p spec.ingress[0]',
  )
  assert.is(await ingress(cnp(`{endpointSelector: {matchLabels: {io.kubernetes.pod.namespace: green}}, ${rule}}`), 'green/web > red/web'), 'nothing')
  assert.is(
    await ingress(cnp(`{endpointSelector: {matchLabels: {io.cilium.k8s.policy.cluster: default}}, ${rule}}`), 'green/web > red/web'),
    'allow p spec.ingress[0]',
  )
  assert.is(await ingress(ccnp(`{endpointSelector: {}, ${rule}}`), 'red/web > green/web'), 'allow c spec.ingress[0]')
  assert.is(await ingress(ccnp(`{endpointSelector: {matchLabels: {io.kubernetes.pod.namespace: green}}, ${rule}}`), 'green/web > red/web'), 'nothing')
})

test('a policy that names no namespace is of the release', async () => {
  const policy = cnp('{endpointSelector: {}, ingress: [{}]}').replace(', namespace: red', '')
  assert.is(await ingress(policy, 'green/web > red/web'), 'lock p')
  assert.is(await ingress(policy, 'red/web > green/web'), 'nothing')
})

test('a namespace that a cluster-wide policy is given does not keep it there', async () => {
  const policy = ccnp('{endpointSelector: {}, ingress: [{}]}').replace('{name: c}', '{name: c, namespace: red}')
  assert.is(await ingress(policy, 'red/web > green/web'), 'lock c')
})

test('spec and specs are both of a policy', async () => {
  const specs =
    'specs: [{endpointSelector: {matchLabels: {app: db}}, egress: [{toEntities: [host]}]}, {endpointSelector: {matchLabels: {app: web}}, egress: [{toEntities: [world]}]}]\n'
  const policy = cnp('{endpointSelector: {}, ingress: [{}]}') + specs
  assert.is(await egress(policy, 'red/db > node:here'), 'allow p specs[0].egress[0]')
  assert.is(await egress(policy, 'red/web > apiserver'), 'allow p specs[1].egress[0]')
  assert.is(await egress(policy, 'red/web > node:here'), 'lock p')
  assert.is(await ingress(policy, 'green/web > red/web'), 'lock p')
  assert.is(await ingress(policy.replace(/^spec: .*\n/m, ''), 'green/web > red/web'), 'nothing')
})

test('what is for nodes is for no pod', async () => {
  const policy = ccnp('{nodeSelector: {}, ingress: [{}], egressDeny: [{toEntities: [all]}]}')
  assert.equal(await decide(policy, 'red/web > red/db'), { ingress: 'nothing', egress: 'nothing' })
})

test('a rule about nobody locks', async () => {
  assert.is(await ingress(allowing('ingress', '{}'), 'red/db > red/web'), 'lock p')
  for (const list of ['fromEndpoints', 'fromNodes', 'fromEntities', 'fromCIDR', 'fromCIDRSet'])
    assert.is(await ingress(allowing('ingress', `{${list}: [], toPorts: [{ports: [{port: "80"}]}]}`), 'red/db > red/web'), 'lock p', list)
  for (const list of ['toEndpoints', 'toNodes', 'toEntities', 'toCIDR', 'toCIDRSet'])
    assert.is(await egress(allowing('egress', `{${list}: [], toPorts: [{ports: [{port: "80"}]}]}`), 'red/web > red/db'), 'lock p', list)
  assert.is(await ingress(allowing('ingress', '{fromEndpoints: [], fromEntities: [all]}'), 'red/db > red/web'), 'lock p')
})

test('ports without peers are about everybody', async () => {
  const ports = 'toPorts: [{ports: [{port: "80"}]}]'
  assert.is(await ingress(allowing('ingress', `{${ports}}`), 'apiserver > red/web'), 'allow p spec.ingress[0]')
  for (const list of ['toServices', 'toGroups', 'toFQDNs'])
    assert.is(await egress(allowing('egress', `{${list}: [], ${ports}}`), 'red/web > node:there'), 'allow p spec.egress[0]', list)
  assert.is(await egress(allowing('egress', `{${ports}}`), 'red/web > node:there 81'), 'lock p')
})

test('an empty list of ports says nothing of them, a list without ports closes all', async () => {
  const on = (ports: string): string => allowing('ingress', `{fromEntities: [all], ${ports}}`)
  for (const open of ['toPorts: []', 'icmps: []', 'toPorts: [], icmps: []'])
    assert.is(await ingress(on(open), 'red/db > red/web 7/SCTP'), 'allow p spec.ingress[0]', open)
  for (const closed of ['toPorts: [{}]', 'toPorts: [{ports: []}]', 'icmps: [{}]', 'icmps: [{fields: [{type: 8}]}]'])
    assert.is(await ingress(on(closed), 'red/db > red/web'), 'lock p', closed)
})

test('ports are of a protocol, or of each', async () => {
  const on = async (port: string, traffic: string): Promise<boolean> =>
    (await ingress(allowing('ingress', `{toPorts: [{ports: [${port}]}]}`), `red/db > red/web ${traffic}`)).startsWith('allow')
  assert.ok(await on('{port: "80", protocol: TCP}', '80/TCP'))
  assert.not(await on('{port: "80", protocol: TCP}', '80/UDP'))
  assert.not(await on('{port: "80", protocol: TCP}', '81/TCP'))
  assert.not(await on('{port: "80", protocol: TCP}', '79/TCP'))
  for (const protocol of ['TCP', 'UDP', 'SCTP']) {
    assert.ok(await on('{port: "80"}', `80/${protocol}`))
    assert.ok(await on('{port: "80", protocol: ANY}', `80/${protocol}`))
    assert.ok(await on(`{port: "0", protocol: ${protocol}}`, `7/${protocol}`))
    assert.not(await on('{port: "0", protocol: VRRP}', `7/${protocol}`))
    assert.not(await on('{protocol: ESP}', `7/${protocol}`))
  }
  assert.not(await on('{port: "0", protocol: UDP}', '7/TCP'))
  assert.ok(await on('{port: "0120"}', '80'), 'octal')
  assert.not(await on('{port: "0120"}', '120'))
  assert.ok(await on('{port: "80"}, {port: "90"}', '90'))
})

test('a range ends where it says, if that is above its start', async () => {
  const on = async (port: string, traffic: string): Promise<boolean> =>
    (await ingress(allowing('ingress', `{toPorts: [{ports: [${port}]}]}`), `red/db > red/web ${traffic}`)).startsWith('allow')
  assert.ok(await on('{port: "80", endPort: 82}', '80'))
  assert.ok(await on('{port: "80", endPort: 82}', '82'))
  assert.not(await on('{port: "80", endPort: 82}', '79'))
  assert.not(await on('{port: "80", endPort: 82}', '83'))
  assert.ok(await on('{port: "80", endPort: 70}', '80'))
  assert.not(await on('{port: "80", endPort: 70}', '75'))
  assert.ok(await on('{port: "0", endPort: 70}', '75'))
})

test('a named port is that of the pod that is called, and of its protocol', async () => {
  const named = (direction: 'ingress' | 'egress', port: string): string =>
    allowing(direction, `{${direction === 'ingress' ? 'fromEntities' : 'toEntities'}: [all], toPorts: [{ports: [${port}]}]}`)
  assert.is(await ingress(named('ingress', '{port: http}'), 'red/db > red/web 8080'), 'allow p spec.ingress[0]')
  assert.is(await ingress(named('ingress', '{port: HTTP, protocol: TCP}'), 'red/db > red/web 8080'), 'allow p spec.ingress[0]')
  assert.is(await ingress(named('ingress', '{port: http}'), 'red/db > red/web 80'), 'lock p')
  assert.is(await ingress(named('ingress', '{port: http, protocol: UDP}'), 'red/db > red/web 8080/UDP'), 'lock p')
  assert.is(await ingress(named('ingress', '{port: other}'), 'red/db > red/web 8080'), 'lock p')
  assert.is(await egress(named('egress', '{port: http}'), 'red/web > red/db 80'), 'allow p spec.egress[0]')
  assert.is(await egress(named('egress', '{port: http}'), 'red/web > green/web 8080/UDP'), 'allow p spec.egress[0]')
  assert.is(await egress(named('egress', '{port: http}'), 'red/web > green/web 8080/TCP'), 'lock p')
  assert.is(await egress(named('egress', '{port: http}'), 'red/web > node:there 80'), 'lock p')
  // What is let in from a name on is a range; what is let out is not.
  assert.is(await ingress(named('ingress', '{port: http, endPort: 8090}'), 'red/db > red/web 8090'), 'allow p spec.ingress[0]')
  assert.is(await ingress(named('ingress', '{port: http, endPort: 8090}'), 'red/db > red/web 8091'), 'lock p')
  assert.is(await ingress(named('ingress', '{port: http, endPort: 8090}'), 'red/db > red/web 8079'), 'lock p')
  assert.is(await ingress(named('ingress', '{port: http, endPort: 70}'), 'red/db > red/web 8080'), 'allow p spec.ingress[0]')
  assert.is(await egress(named('egress', '{port: http, endPort: 90}'), 'red/web > red/db 81'), 'lock p')
  assert.is(await egress(named('egress', '{port: http, endPort: 90}'), 'red/web > red/db 79'), 'lock p')
})

test('of ports with one name the last counts', async () => {
  const among = { ...(await import('../helpers/cilium-verdicts.ts')).world }
  const [web, ...others] = among.pods
  if (web === undefined) throw new Error('no pod')
  const doubled = {
    ...among,
    pods: [
      {
        ...web,
        ports: [
          { name: 'Http', port: 1, protocol: 'TCP' as const },
          { name: 'HTTP', port: 2, protocol: 'UDP' as const },
        ],
      },
      ...others,
    ],
  }
  const policy = allowing('ingress', '{toPorts: [{ports: [{port: http}]}]}')
  assert.is((await decide(policy, 'red/db > red/web 2/UDP', doubled)).ingress, 'allow p spec.ingress[0]')
  assert.is((await decide(policy, 'red/db > red/web 1/TCP', doubled)).ingress, 'lock p')
})

test('a rule that denies wins, wherever it stands', async () => {
  const all = '{endpointSelector: {}, ingress: [{fromEntities: [all]}]}'
  const denying = '{endpointSelector: {}, ingressDeny: [{fromEndpoints: [{}]}]}'
  assert.is(await ingress(cnp(all, 'a') + cnp(denying, 'b'), 'red/db > red/web'), 'deny b spec.ingressDeny[0]')
  assert.is(await ingress(cnp(denying, 'b') + cnp(all, 'a'), 'red/db > red/web'), 'deny b spec.ingressDeny[0]')
  assert.is(await ingress(cnp(all, 'a') + cnp(denying, 'b'), 'green/web > red/web'), 'allow a spec.ingress[0]')
  assert.is(await ingress(cnp(denying, 'b'), 'green/web > red/web'), 'lock b', 'and locks')
  assert.is(
    await egress(cnp('{endpointSelector: {}, egress: [{toEntities: [all]}], egressDeny: [{toEntities: [world]}]}'), 'red/web > apiserver'),
    'deny p spec.egressDeny[0]',
  )
})

test('a direction is locked by rules in it, unless the policy says not to', async () => {
  const locks = async (spec: string): Promise<string[]> => {
    const { ingress, egress } = await decide(cnp(`{endpointSelector: {}, ${spec}}`), 'red/web > red/db')
    return [...(ingress === 'lock p' ? ['ingress'] : []), ...(egress === 'lock p' ? ['egress'] : [])]
  }
  assert.equal(await locks('ingress: [{}]'), ['ingress'])
  assert.equal(await locks('ingressDeny: [{}]'), ['ingress'])
  assert.equal(await locks('egress: [{}]'), ['egress'])
  assert.equal(await locks('egressDeny: [{}]'), ['egress'])
  assert.equal(await locks('ingress: [{}], egress: []'), ['ingress'])
  assert.equal(await locks('ingress: [{}], egress: [{}]'), ['ingress', 'egress'])
  assert.equal(await locks('ingress: [{}], egress: [{}], enableDefaultDeny: {ingress: false}'), ['egress'])
  assert.equal(await locks('ingress: [{}], egress: [{}], enableDefaultDeny: {egress: false}'), ['ingress'])
  assert.equal(await locks('ingress: [{}], enableDefaultDeny: {ingress: true, egress: true}'), ['ingress'], 'not without a rule')
  assert.equal(await locks('ingress: [{}], enableDefaultDeny: {}'), ['ingress'])
})

test('one policy that locks is enough', async () => {
  const open = cnp('{endpointSelector: {}, ingress: [{fromEntities: [world]}], enableDefaultDeny: {ingress: false}}', 'open')
  assert.is(await ingress(open, 'red/db > red/web'), 'nothing')
  assert.is(await ingress(open, 'apiserver > red/web'), 'allow open spec.ingress[0]')
  assert.is(await ingress(open + cnp('{endpointSelector: {}, ingress: [{}]}', 'shut'), 'red/db > red/web'), 'lock shut')
  assert.is(await ingress(open + cnp('{endpointSelector: {}, ingress: [{}]}', 'shut') + knp('{podSelector: {}}'), 'red/db > red/web'), 'lock k shut')
})

test('the own node gets in unless a rule denies it, and other nodes do not', async () => {
  const locked = cnp('{endpointSelector: {}, ingress: [{}], egress: [{}]}')
  assert.is(await ingress(locked, 'node:here > red/web'), 'engine: the node of a pod always reaches it')
  assert.is(await ingress(locked, 'node:there > red/web'), 'lock p')
  assert.is(await egress(locked, 'red/web > node:here'), 'lock p')
  assert.is(await ingress(cnp('{endpointSelector: {}, ingressDeny: [{fromEntities: [host]}]}'), 'node:here > red/web'), 'deny p spec.ingressDeny[0]')
  assert.is(await ingress(cnp('{endpointSelector: {}, ingressDeny: [{}], enableDefaultDeny: {ingress: false}}'), 'node:here > red/web'), 'nothing')
  assert.is(await ingress(allowing('ingress', '{fromEntities: [cluster]}'), 'node:here > red/web'), 'allow p spec.ingress[0]')
})

test('a pod reaches itself', async () => {
  const locked = cnp('{endpointSelector: {}, ingressDeny: [{fromEntities: [all]}], egressDeny: [{toEntities: [all]}]}')
  const own = 'engine: a pod always reaches itself'
  assert.equal(await decide(locked, 'red/web > red/web'), { ingress: own, egress: own })
})

test('what the proxy decides is told with the verdict', async () => {
  const on = (ports: string, rest = ''): string => allowing('egress', `{toEntities: [all]${rest}, toPorts: [${ports}]}`)
  const web = '{ports: [{port: "80", protocol: TCP}]'
  const proviso = async (policy: string): Promise<string> => (await egress(policy, 'red/web > red/db 80')).replace('allow p spec.egress[0]', '')
  assert.is(await proviso(on(`${web}}`)), '')
  assert.is(await proviso(on(`${web}, rules: {http: [{method: GET}]}}`)), ', if the proxy lets it through by its HTTP rules')
  assert.is(await proviso(on(`${web}, rules: {http: []}}`)), '')
  assert.is(await proviso(on(`${web}, rules: {dns: [{matchName: a.b}]}}`)), ', if the proxy lets it through by its DNS rules')
  assert.is(await proviso(on(`${web}, rules: {dns: []}}`)), '')
  assert.is(await proviso(on(`${web}, serverNames: [a.b]}`)), ', if the proxy lets it through by its serverNames')
  assert.is(await proviso(on(`${web}, listener: {name: l, envoyConfig: {name: e}}}`)), ', if the proxy lets it through by its listener')
  assert.is(await proviso(on(`${web}, terminatingTLS: {secret: {name: s}}}`)), '')
  assert.is(await proviso(on(`${web}, originatingTLS: {secret: {name: s}}}`)), '')
  assert.is(
    await proviso(on(`${web}, terminatingTLS: {secret: {name: s}}, serverNames: [a.b], rules: {http: [{method: GET}]}}`)),
    ', if the proxy lets it through by its HTTP rules',
  )
  assert.is(await proviso(on(`${web}, rules: {http: [{method: GET}]}}, ${web}}`)), '', 'what is open on the same port stays open')
  assert.is(await proviso(on(`${web}, serverNames: [a.b]}, ${web}}`)), ', if the proxy lets it through by its serverNames', 'TLS is asked of all')
  assert.is(await proviso(on(`${web}, rules: {http: [{method: GET}]}}, {ports: [{port: "81"}]}`)), ', if the proxy lets it through by its HTTP rules')
  assert.is(
    await proviso(on(`${web}, rules: {http: [{method: GET}]}}, ${web}, serverNames: [a.b]}`)),
    ', if the proxy lets it through by its HTTP rules and serverNames, in doubt: p spec.egress[0]: Cilium cannot merge it with spec.egress[0] of CiliumNetworkPolicy red/p: serverNames beside HTTP rules need terminatingTLS',
  )
})

test('authentication is told with the verdict', async () => {
  const proviso = async (mode: string, ports = ''): Promise<string> =>
    (await ingress(allowing('ingress', `{fromEntities: [all], authentication: {mode: ${mode}}${ports}}`), 'red/db > red/web 80')).replace(
      'allow p spec.ingress[0]',
      '',
    )
  assert.is(await proviso('required'), ', if the authentication required succeeds')
  assert.is(await proviso('test-always-fail'), ', if the authentication test-always-fail succeeds')
  assert.is(await proviso('disabled'), '')
  assert.is(
    await proviso('required', ', toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}]}}]'),
    ', if the proxy lets it through by its HTTP rules, and the authentication required succeeds',
  )
})

test('a rule that lets through as it is comes before one with a proviso', async () => {
  const proxied = '{toEndpoints: [{}], toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{method: GET}]}}]}'
  assert.is(await egress(allowing('egress', `${proxied}, {toEntities: [cluster]}`), 'red/web > red/db 80'), 'allow p spec.egress[1]')
  assert.is(await egress(allowing('egress', `{toEntities: [cluster]}, ${proxied}`), 'red/web > red/db 80'), 'allow p spec.egress[0]')
})

test('the names of TLS and a listener are asked of all that a rule with them lets through', async () => {
  const on = (rest: string): string => `{toEntities: [cluster], toPorts: [{ports: [{port: "80", protocol: TCP}]${rest}}]}`
  const asked = async (rest: string): Promise<string> => egress(allowing('egress', `${on('')}, ${on(rest)}`), 'red/web > red/db 80')
  assert.is(await asked(', serverNames: [a.b]'), 'allow p spec.egress[1], if the proxy lets it through by its serverNames')
  assert.is(await asked(', listener: {name: l, envoyConfig: {name: e}}'), 'allow p spec.egress[1], if the proxy lets it through by its listener')
  assert.is(await asked(', rules: {http: [{method: GET}]}'), 'allow p spec.egress[0]')
})

test('authentication is asked of all that a rule with it lets through, whatever others say', async () => {
  const asked = 'allow p spec.egress[0], if the authentication required succeeds'
  const both = '{toEntities: [cluster], authentication: {mode: required}}, {toEntities: [all]}'
  assert.is(await egress(allowing('egress', both), 'red/web > red/db 81'), asked)
  assert.is(await egress(allowing('egress', both), 'red/web > 203.0.113.5 81'), 'allow p spec.egress[1]')
})

test('nothing is asked at an end that is no pod', async () => {
  assert.equal(await decide('', 'red/web > node:there'), { ingress: 'not asked', egress: 'nothing' })
  assert.equal(await decide('', 'apiserver > red/web'), { ingress: 'nothing', egress: 'not asked' })
  assert.equal(
    await from('{fromEntities: [all]}'),
    everyone.filter(end => end !== 'red/web' && end !== 'node:here'),
  )
  assert.equal(await to('{toEntities: [world]}'), outside)
  assert.equal(await reached('', 'ingress', ['red/db']), ['red/db'])
  assert.is(flowOf('red/web > red/db').port, 80)
})

test.run()
