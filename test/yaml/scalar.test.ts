import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { resolvePlain } from '../../src/yaml/scalar.ts'

/** From the rules of go-yaml v2's resolve.go, which sigs.k8s.io/yaml, and so Helm and the API server, read by. */
const tables: Readonly<Record<string, readonly (readonly [string, unknown])[]>> = {
  'words of YAML 1.1 are nulls and booleans': [
    ...['', '~', 'null', 'Null', 'NULL'].map(text => [text, null] as const),
    ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'].map(text => [text, true] as const),
    ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'].map(text => [text, false] as const),
  ],
  'words in other cases are strings': ['yES', 'tRue', 'oN', 'nULL', '~~', 'nil', 'none'].map(text => [text, text]),
  'integers are read in every base, underscores left out': [
    ['0', 0],
    ['42', 42],
    ['+42', 42],
    ['-42', -42],
    ['1_000', 1000],
    ['0777', 511],
    ['-0777', -511],
    ['0o17', 15],
    ['0x1F', 31],
    ['0X1f', 31],
    ['-0x10', -16],
    ['0b101', 5],
    ['-0b11', -3],
    ['00', 0],
    ['9007199254740993', 9007199254740992],
  ],
  'digits that are no octal number are decimal': [
    ['08', 8],
    ['09', 9],
    ['0899', 899],
  ],
  'floats need digits around or behind the dot': [
    ['1.5', 1.5],
    ['1.', 1],
    ['.5', 0.5],
    ['-.5', -0.5],
    ['+1.5', 1.5],
    ['1e3', 1000],
    ['1E-3', 0.001],
    ['1.e2', 100],
    ['6.02e+23', 6.02e23],
    ['1_0.5', 10.5],
  ],
  'what Go parses as no number is a string': ['1e', 'e3', '.', '+', '-', '+.', '0x', '0b2', '0o8', '0xG', '1.2.3', '1-2', '0x1.8p1', '1e3x', '_1', '١'].map(
    text => [text, text],
  ),
  'a float too large for Go is a string': [
    ['1e400', '1e400'],
    ['-1e400', '-1e400'],
  ],
  'an integer that 64 bits do not hold is a float, or a string where its base has no floats': [
    ['18446744073709551615', 18446744073709552000],
    ['18446744073709551616', 18446744073709552000],
    ['0xffffffffffffffff', 18446744073709552000],
    ['0x10000000000000000', '0x10000000000000000'],
    ['-0x8000000000000000', -9223372036854775808],
    ['-0x8000000000000001', '-0x8000000000000001'],
    ['+0x7fffffffffffffff', 9223372036854775807],
    ['+0x8000000000000000', '+0x8000000000000000'],
    ['0777777777777777777777777', 777777777777777777777777],
    [`0b${'1'.repeat(65)}`, `0b${'1'.repeat(65)}`],
  ],
  'times and dates are strings': ['12:30', '1:2:3', '190:20:30.15', '2001-12-14', '2001-12-14T21:59:43Z'].map(text => [text, text]),
  'addresses and quantities are strings': ['10.0.0.0/8', '10.0.0.1', '::1', '1Gi', '100m', 'v1', '1.2.3-rc.1'].map(text => [text, text]),
}

for (const [says, rows] of Object.entries(tables)) {
  test(says, () => {
    for (const [text, value] of rows) assert.is(resolvePlain(text), value, text)
  })
}

test.run()
