import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAllDocuments } from 'yaml'
import { helmRelease, run, told, written } from './releases.ts'
import { often } from '../helpers/often.ts'

const off = (text: string): string => text.replace('enabled: true', 'enabled: false')

/** What `after` has in the place of `span` characters of `before`, where all else is the same. */
function inserted(before: string, after: string): string {
  let start = 0
  while (start < before.length && before[start] === after[start]) start++
  let end = 0
  while (end < before.length - start && before.at(-1 - end) === after.at(-1 - end)) end++
  assert.is(start + end, before.length, `bytes of the file are changed:\n${after}`)
  return after.slice(start, after.length - end)
}

const otherItem = `  postRenderers:
    # theirs
    - kustomize: # for the mirror
        images:
          - name: app
            newName: mirror/app # ours

    - kustomize: {patches: [{patch: "a: b"}]}
`

const texts: Readonly<Record<string, string>> = {
  'the end of the spec': helmRelease(),
  'other keys behind the spec': helmRelease({ more: '# about the status\nstatus: {}\n' }),
  'comments and blank lines behind the spec': helmRelease({ more: '  # more to come\n\n\n# the end\n' }),
  'no newline at the end': helmRelease({ more: '  timeout: 5m' }),
  'a comment without a newline at the end': helmRelease({ more: '  timeout: 5m # long' }),
  'a text at the end': helmRelease({ more: '      # a text\n  serviceAccountName: |-\n    me\n\n' }),
  'a text that keeps its blank lines': helmRelease({ more: '  serviceAccountName: |+\n    me\n\n\n' }),
  'a key without a value': helmRelease({ more: '  timeout: # none\n' }),
  'an empty key at the very end': helmRelease({ more: '  timeout:' }),
  'several documents': `# first\n---\nkind: Namespace\n---\n${helmRelease()}---\nkind: Other\n...\n`,
  'anchors of others': helmRelease({ more: '  install: &remediation\n    remediation: {retries: 3}\n  upgrade: *remediation\n' }),
  'post-renderers of others': helmRelease({ more: otherItem }),
  'post-renderers of others before other keys': helmRelease({ more: `${otherItem}\n  # soon\n  timeout: 5m\n` }),
  'post-renderers at the margin of their key': helmRelease({ more: '  postRenderers:\n  - kustomize: {}\n  - kustomize:\n      images: []\n  timeout: 5m\n' }),
}

for (const [name, text] of Object.entries(texts)) {
  for (const [form, shaped] of [
    ['', text],
    [', with windows line ends', text.replaceAll('\n', '\r\n')],
    [', behind a byte order mark', `\ufeff${text}`],
  ] as const) {
    test(`${name}${form}: the block goes in, stays, and goes out, and all else is as it was`, async () => {
      const once = await written(shaped)
      const block = inserted(shaped, once)
      assert.match(block, /kustomize: \{\}/)
      if (form.includes('windows')) assert.is(once.replaceAll('\r\n', '').includes('\n'), false)
      assert.is(await written(once), once)
      assert.is(await written(off(once)), off(shaped))
    })
  }
}

for (const value of ['', ' []', ' null', ' ~ # none', ' [] # none', ' [ ]', '\n    # none yet']) {
  test(`an empty list is filled: postRenderers:${JSON.stringify(value).slice(1, -1)}`, async () => {
    const text = helmRelease({ more: `  postRenderers:${value}\n  timeout: 5m\n` })
    const once = await written(text)
    const [document] = parseAllDocuments(once)
    assert.is(document?.toJS().spec.postRenderers.length, 2)
    assert.is(document?.toJS().spec.timeout, '5m')
    assert.is(once.includes('# none'), value.includes('# none'))
    assert.is(await written(once), once)
    assert.match(await written(off(once)), /^  timeout: 5m$/m)
  })
}

test('an emptied list stays with the comments that stand in it', async () => {
  const text = helmRelease({ more: '  postRenderers:\n    # ours come here\n    - kustomize: {}\n' })
  const only = (await written(text)).replace('    - kustomize: {}\n', '')
  const [document] = parseAllDocuments(await written(off(only)))
  assert.equal(document?.toJS().spec.postRenderers, [])
  assert.match(await written(off(only)), '# ours come here')
})

test('a stale block is replaced where it stands', async () => {
  const current = await written(helmRelease({ more: `${otherItem}  timeout: 5m\n` }))
  const moved = current.replace(/(  postRenderers:\n)([^]*?)(    - kustomize:\n        # Written by[^]*- kustomize: \{\}\n)/, '$1$3$2')
  assert.is.not(moved, current)
  const stale = moved.replace('app: app', 'app: other').replace('`helm-netpol flux`;', '`helm-netpol flux` once;')
  assert.is(await written(stale), moved)
  const { text, diagnostics } = await run(stale, { check: true })
  assert.is(text, undefined)
  assert.equal(
    diagnostics.map(({ code }) => code),
    ['NP707'],
  )
})

test('a block without comments, of another indentation and order of keys, is current', async () => {
  const [document] = parseAllDocuments(await written(helmRelease()))
  const rewritten = JSON.stringify(document?.toJS())
  assert.match(await told(rewritten), 'in flow style')
  const reformatted = (await written(helmRelease())).replace(/^ +# (Written|kubectl).*\n/gm, '').replace(/"(\/\w+)"/g, '$1')
  assert.is(await written(reformatted), reformatted)
})

for (const [title, change, message] of [
  ['no block', (_: string, without: string) => without, 'there is no block'],
  ['another port', (text: string) => text.replace('port: metrics', 'port: 1'), 'spec.ingress[0].ports[0].port is 1 and should be "metrics"'],
  [
    'a policy too many',
    (text: string) => text.replace(/kind: NetworkPolicy\n( +)metadata:\n +name: app/, '$&2'),
    'NetworkPolicy stage/app2 is there and should not be',
  ],
  ['another target', (text: string) => text.replace(/(target:\n[^]*name: )app/, '$1other'), 'target.name is "other" and should be "app"'],
  ['no guard', (text: string) => text.replace(/ +- patch: \|\n +# helm-netpol: a release[^]*?(?= +- patch)/, ''), 'patch of Deployment stage/app is missing'],
  [
    'a document within a patch',
    (text: string) => text.replace(/( +)- op: add/, '$1- op: test\n$1  path: /kind\n$1  value: Deployment\n$1---\n$&'),
    'document 2 of patch 2 is there and should not be',
  ],
  [
    'a document behind a patch',
    (text: string) => text.replace(/( +)value: List\n/, '$&$1---\n$1kind: Deployment\n'.replaceAll('$1', '              ')),
    'document 2 of patch 2 is there and should not be',
  ],
  ['patches that cannot be read', (text: string) => text.replace('- op: add', '- [op: add'), 'is missing'],
] as const) {
  test(`a check tells what is stale: ${title}`, async () => {
    const current = await written(helmRelease())
    assert.equal((await run(current, { check: true })).text, current)
    assert.match(await told(change(current, helmRelease()), { check: true }), message)
  })
}

test('a check tells of a block that the values do not want', async () => {
  const text = off(await written(helmRelease()))
  assert.match(await told(text, { check: true }), 'the values enable no policies')
  assert.is((await run(off(helmRelease()), { check: true })).text, off(helmRelease()))
})

const block = async (): Promise<string> => inserted(helmRelease(), await written(helmRelease())).replace(/^  postRenderers:\n/, '')

for (const [title, more, problem] of [
  ['an alias as the list', async () => '  postRenderers: *list\n', 'as an alias'],
  ['a list in flow style', async () => '  postRenderers: [{kustomize: {}}]\n', 'in flow style'],
  ['an anchored list', async () => '  postRenderers: &list []\n', 'anchored'],
  ['a list that is used twice', async () => '  postRenderers: &twice\n    - kustomize: {}\n  other: *twice\n', 'a second time'],
  ['a list from a merge key', async () => '  <<: *base\n', 'merge key'],
  ['an anchor in the block', async () => `  postRenderers:\n${(await block()).replace('patches:', 'patches: &mine')}`, 'an anchor (&mine)'],
  ['an alias in the block', async () => `  postRenderers:\n${(await block()).replace('group: apps', 'group: *apps')}`, 'an alias (*apps)'],
  ['two blocks', async () => `  postRenderers:\n${await block()}${await block()}`, 'two blocks'],
  [
    'another patch in the block',
    async () => `  postRenderers:\n${(await block()).replace('patches:\n', 'patches:\n          - patch: mine\n')}`,
    'another patch',
  ],
  [
    'images in the block',
    async () => `  postRenderers:\n${(await block()).replace('        patches:', '        images: []\n        patches:')}`,
    'has images in the block',
  ],
] as const) {
  test(`${title}: nothing is changed, and it is told where`, async () => {
    const prelude = 'x: {list: &list [], base: &base {postRenderers: []}, apps: &apps apps}\n'
    const text = `${prelude}${helmRelease({ more: await more() })}`
    assert.is((await run(text)).text, undefined)
    const message = await told(text)
    assert.match(message, problem)
    assert.match(message, /at release\.yaml:\d+:\d+/)
    assert.match(message, 'Nothing was changed')
  })
}

const stale = async (): Promise<string> => (await written(helmRelease())).replace('app: app', 'app: other')

for (const [title, change] of [
  ['above the patches', (text: string) => text.replace('        patches:', '        # mine\n        patches:')],
  ['behind a key', (text: string) => text.replace('kind: Deployment\n              name', 'kind: Deployment # mine\n              name')],
  ['behind the head of a text', (text: string) => text.replace('patch: |', 'patch: | # mine')],
  ['between the two items', (text: string) => text.replace('    - kustomize: {}', '    # mine\n    - kustomize: {}')],
] as const) {
  test(`a comment of another in the block is not lost: ${title}`, async () => {
    const text = change(await stale())
    assert.match(text, '# mine')
    assert.is((await run(text)).text, undefined)
    assert.match(await told(text), 'has a comment (# mine) in the block of helm-netpol')
    assert.is((await run(off(text))).text, undefined)
    const current = change(await written(helmRelease()))
    assert.is(await written(current), current)
    assert.is((await run(current, { check: true })).text, current)
  })
}

test('a comment behind the block stays, and keeps the block from being taken out', async () => {
  const text = (await stale()).replace('kustomize: {}', 'kustomize: {} # mine')
  assert.match(await written(text), 'kustomize: {} # mine')
  assert.match(await told(off(text)), 'has a comment (# mine)')
})

test('comments that go with a patch are listed, and those that stay are not', async () => {
  const text = (await stale()).replace(/( +)- protocol: TCP/, '$1# mine: #1\n$1- protocol: TCP # and "this"')
  const message = await told(text)
  assert.match(message, 'note NP712')
  assert.match(message, '    # mine: #1\n    # and "this"\n')
  assert.not.match(await told(await stale()), 'NP712')
  assert.is(await written(text), await written(helmRelease()))
})

/** Lines of a spec, as people write them. */
const lines = fc.constantFrom(
  '',
  '  # comment',
  '# at the margin',
  '  k: v # comment',
  '  k:',
  "  k: 'a\n    b'",
  '  k: |\n    text\n\n',
  '  k: |+\n    text\n\n',
  '  k: >-\n    text\n    # no comment',
  '  k: {a: [b]}',
  '  k:\n  - a\n  - b: |\n      c',
  '  k:\n    - a # c\n    # d',
  '  k: &a\n    b: c',
)

test('whatever the lines around it are, the block goes in and leaves them as they were', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(lines, { maxLength: 6 }), fc.constantFrom('', otherItem), fc.boolean(), fc.boolean(), async (before, own, windows, newline) => {
      const more = [...before, own].map((line, index) => line.replace('k:', `k${index}:`).replace('&a', `&a${index}`)).join('\n')
      const text = (newline ? `${helmRelease({ more })}\n` : helmRelease({ more }).trimEnd()).replaceAll('\n', windows ? '\r\n' : '\n')
      const { text: once } = await run(text)
      assert.is.not(once, undefined, await told(text))
      inserted(text, once ?? '')
      assert.is(await written(once ?? ''), once)
    }),
    often(40),
  )
})

test.run()
