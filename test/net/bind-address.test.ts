import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseBindAddress } from '../../src/net/bind-address.ts'

/** `port host`, or what the answer is, or the problem. */
function read(text: string): string {
  const address = parseBindAddress(text)
  if (address.is === 'port') return address.host === undefined ? `${address.number}` : `${address.number} ${address.host}`
  if (address.is === 'host') return `host ${address.host}`
  if (address.is === 'variable') return `variable ${address.name}`
  return address.is === 'problem' ? address.problem : address.is
}

const clear: Readonly<Record<string, string>> = {
  '8080': '8080',
  ' 8080 ': '8080',
  '08080': '8080',
  '65535': '65535',
  ':8080': '8080 any',
  '*:8080': '8080 any',
  '0.0.0.0:8080': '8080 any',
  '[::]:8443': '8443 any',
  '[0:0:0:0:0:0:0:0]:8443': '8443 any',
  '[::ffff:0.0.0.0]:8443': '8443 any',
  '[fd00::1]:8443': '8443 address',
  '[fe80::1%eth0]:8443': '8443 address',
  '10.1.2.3:8080': '8080 address',
  '127.0.0.1:8080': '8080 loopback',
  '127.1.2.3:8080': '8080 loopback',
  '[::1]:8080': '8080 loopback',
  '[0:0:0:0:0:0:0:1]:8080': '8080 loopback',
  '[::ffff:127.0.0.1]:8080': '8080 loopback',
  'localhost:8080': '8080 loopback',
  'LOCALHOST:8080': '8080 loopback',
  'ip6-localhost:8080': '8080 loopback',
  'tcp://0.0.0.0:8080': '8080 any',
  'http://:8080/': '8080 any',
  'https://127.0.0.1:8080': '8080 loopback',
  '$(POD_IP):9443': '9443 address',
  '[$(POD_IP)]:9443': '9443 address',
}

test('a clear address tells its port and who can dial it', () => {
  for (const [text, expected] of Object.entries(clear)) assert.is(read(text), expected, text)
})

test('what switches a server off, takes any port or is a socket binds nothing', () => {
  for (const text of ['', ' ', '0', ':0', '0.0.0.0:0', '[::]:0', '000', '-1', 'unix:///run/app.sock', '/run/app.sock', '@app'])
    assert.is(read(text), 'nothing', text)
})

test('an address alone has its port elsewhere', () => {
  const alone = {
    '0.0.0.0': 'any',
    '::': 'any',
    '[::]': 'any',
    '*': 'any',
    '127.0.0.1': 'loopback',
    '::1': 'loopback',
    localhost: 'loopback',
    'fd00::1': 'address',
  }
  for (const [text, host] of Object.entries(alone)) assert.is(read(text), `host ${host}`, text)
})

test('a port that is a variable is named', () => {
  for (const text of ['$(PORT)', ':$(PORT)', '0.0.0.0:$(PORT)', '$(HOST):$(PORT)', '[::]:$(PORT)', 'http://$(PORT)'])
    assert.is(read(text), 'variable PORT', text)
})

test('IPv6 without brackets is not guessed', () => {
  for (const text of ['::1:8080', 'fd00::1:8080', '::8080', 'fd00::8080']) assert.match(read(text), /brackets tell which/, text)
  for (const text of [':::8080', 'fd00:0:0:0:0:0:0:1:8080', '1:2:3', '10.0.0.1:80:90']) assert.match(read(text), /stands in brackets/, text)
})

test('leftovers of templates and shells are told', () => {
  assert.match(read(':{{ .Values.port }}'), /^holds \{\{ \.Values\.port }}, which the chart's template left behind$/)
  for (const text of [':<no value>', '<nil>', ':%!d(string=8080)', '{{ .Values.host }}:8080']) assert.match(read(text), /template left behind/, text)
  for (const text of [':${PORT}', ':$PORT', '$POD_IP:8080']) assert.match(read(text), /only a shell replaces/, text)
})

test('no problem quotes a password, or more than is read', () => {
  for (const text of ['u:hunter2@10.0.0.1:80', 'hunter2@10.0.0.1:80', '10.0.0.1:hunter2@x', ':${PORT:-hunter2}', '{{ .x }}hunter2@x:1'])
    assert.not.match(read(text), /hunt/, text)
  for (const text of ['x'.repeat(9999), `${'x'.repeat(9999)}:1`, `:${'9'.repeat(9999)}`, `{{${'x'.repeat(9999)}`, `$(${'x'.repeat(9999)})`])
    assert.ok(read(text).length < 300)
})

test('what is no address is told', () => {
  const problems: Readonly<Record<string, RegExp>> = {
    off: /neither an address nor a port number/,
    true: /neither/,
    '8080 --leader-elect': /neither/,
    '10.0.0': /neither/,
    ':https': /names the port https, which is no number/,
    ':8080/metrics': /no number/,
    ':': /names no port/,
    '127.0.0.1:': /names no port/,
    ':99999': /the last is 65535/,
    '70000': /the last is 65535/,
    'metrics.example.com:8080': /names the host metrics\.example\.com/,
    '256.0.0.1:8080': /names the host/,
    '[10.0.0.1]:8080': /names the host/,
    '[::1]8080': /more than one colon|neither|names/,
    'udp://:8080': /is of udp/,
  }
  for (const [text, expected] of Object.entries(problems)) assert.match(read(text), expected, text)
})

test('the length of a value costs no more than its reading', () => {
  for (const part of ['${', '$', '$(', '{{', '%!', '%', ':', '.', '[', '0:', 'a.', '%\n']) {
    const started = performance.now()
    for (const start of ['', '[', ':']) for (const end of ['', '}', '\n']) parseBindAddress(start + part.repeat(50_000) + end)
    assert.ok(performance.now() - started < 10_000, part)
  }
})

test.run()
