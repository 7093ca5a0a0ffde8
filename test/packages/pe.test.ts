import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unsign } from '../../scripts/package/pe.ts'

test('a signature is cut off, its place and the checksum are cleared, and nothing else is touched', () => {
  const bare = executable(0)
  assert.ok(unsign(executable(100)).equals(bare))
  assert.ok(unsign(bare).equals(bare), 'a file without a signature stays')
})

test('a file of another form is refused', () => {
  assert.throws(() => unsign(Buffer.from('\x7fELF'.padEnd(64))), /no Windows executable$/)
  assert.throws(() => unsign(Buffer.from('MZ'.padEnd(64, '\x7f'))), /no Windows executable$/)
  assert.throws(() => unsign(Buffer.concat([executable(100), Buffer.from('more')])), /certificates are not the end/)
})

test.run()

/** The least that has a header: 1000 bytes, and a signature after them. */
function executable(signature: number): Buffer {
  const file = Buffer.alloc(1000 + signature, 7)
  file.write('MZ', 0, 'latin1')
  file.writeUInt32LE(128, 60)
  file.write('PE\0\0', 128, 'latin1')
  const optional = 128 + 24
  file.writeUInt16LE(0x20b, optional)
  file.writeUInt32LE(signature > 0 ? 12345 : 0, optional + 64)
  file.writeUInt32LE(signature > 0 ? 1000 : 0, optional + 112 + 32)
  file.writeUInt32LE(signature, optional + 112 + 36)
  return file
}
