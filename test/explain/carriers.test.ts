import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { explain } from '../../src/commands/explain.ts'
import { workload } from '../helpers/streams.ts'

const values = `networkPolicy:
  enabled: true
  engine: cilium
  controller: ['*']
  egress: {enabled: true}
  cilium:
    egress:
      - {toFQDNs: [{matchName: db.example.com}], toPorts: [{ports: [{port: '5432', protocol: TCP}]}]}
`

const container = `          env:
            - {name: DATABASE_URL, value: postgres://db.example.com:5432/x}
`

test('a rule of the values is carried by the policy of the workload itself, and by no other one', async () => {
  const stream = ['a', 'b'].map(name => workload({ name, selector: `{matchLabels: {app: ${name}}}`, podLabels: `{app: ${name}}`, container })).join('')
  const options = { root: 'networkPolicy', files: [{ path: 'values.yaml', text: values }], sets: [], engine: undefined, controller: undefined }
  const { text } = await explain(Buffer.from(stream), { ...options, namespace: undefined, strict: false, format: 'json', width: 80, color: false })
  const { workloads } = JSON.parse(text ?? '')
  for (const { policy, flows } of workloads) {
    const [flow] = flows.filter(({ ports }: { ports: string[] }) => ports.some(port => port.includes('5432')))
    assert.equal(
      flow.carriedBy.map(({ document }: { document: string }) => document),
      [policy],
    )
  }
  assert.is(workloads.length, 2)
})

test.run()
