import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { canonical, contains, parseCidr } from '../../src/net/cidr.ts'

test('blocks are parsed as Go does, and written canonically', () => {
  const rows = [
    ['10.0.0.1/32', '10.0.0.1/32'],
    ['10.0.0.7/24', '10.0.0.0/24'],
    ['255.255.255.255/0', '0.0.0.0/0'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['192.168.129.1/17', '192.168.128.0/17'],
    ['::/0', '::/0'],
    ['::1/128', '::1/128'],
    ['FD00::A/8', 'fd00::/8'],
    ['fd00:0:0:1:0:0:0:1/128', 'fd00:0:0:1::1/128'],
    ['1:0:0:2:0:0:0:3/128', '1:0:0:2::3/128'],
    ['1:0:2:3:4:5:6:7/128', '1:0:2:3:4:5:6:7/128'],
    ['::ffff:10.0.0.1/128', '::ffff:a00:1/128'],
    ['64:ff9b::192.0.2.1/96', '64:ff9b::/96'],
    ['1::/16', '1::/16'],
    ['2001:db8::8:800:200c:417a/64', '2001:db8::/64'],
  ] as const
  for (const [text, expected] of rows) {
    const cidr = parseCidr(text)
    assert.is(cidr && canonical(cidr), expected, text)
  }
})

test('what Go refuses is refused', () => {
  const texts = [
    '',
    '/',
    '10.0.0.1',
    '10.0.0.1/',
    '10.0.0.1/33',
    '10.0.0.1/-1',
    '10.0.0.1/08',
    '10.0.0.1/8/8',
    '10.0.0/8',
    '10.0.0.256/8',
    '010.0.0.1/8',
    '10.0.0.1 /8',
    ' 10.0.0.1/8',
    '10.0.0.0.0/8',
    '::/129',
    '::1::/64',
    ':::/64',
    '1:2:3:4:5:6:7/64',
    '1:2:3:4:5:6:7:8:9/64',
    '1:2:3:4:5:6:7::8/64',
    '12345::/16',
    'g::/16',
    'fe80::1%eth0/64',
    '::1.2.3/96',
    '::256.0.0.1/96',
    '1.2.3.4::/64',
    ':1::/64',
    '1:/64',
  ]
  for (const text of texts) assert.is(parseCidr(text), undefined, text)
})

test('a block holds itself and what is within it', () => {
  const holds = (outer: string, inner: string): boolean | undefined => {
    const [one, other] = [parseCidr(outer), parseCidr(inner)]
    return one && other && contains(one, other)
  }
  assert.is(holds('10.0.0.0/8', '10.1.0.0/16'), true)
  assert.is(holds('10.0.0.0/8', '10.0.0.0/8'), true)
  assert.is(holds('10.1.0.0/16', '10.0.0.0/8'), false)
  assert.is(holds('10.0.0.0/8', '11.0.0.0/16'), false)
  assert.is(holds('0.0.0.0/0', '::/0'), false)
  assert.is(holds('fd00::/8', 'fdff::1/128'), true)
})

test.run()
