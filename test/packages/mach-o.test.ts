import { createHash } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { signAdHoc } from '../../scripts/package/mach-o.ts'

/** Reads what was signed by the fields that macOS reads, each at its place in the layout. */

test('every page is hashed, up to where the signature begins', () => {
  const unsigned = executable(10_000)
  const signed = signAdHoc(unsigned, 'helm-netpol')
  const { dataAt, dataSize } = signatureCommand(signed)
  assert.equal([dataAt % 16, dataAt + dataSize], [0, signed.length])
  assert.is(signed.readUInt32BE(dataAt), 0xfade0cc0, 'a SuperBlob')
  assert.is(signed.readUInt32BE(dataAt + 4), dataSize)
  const directory = dataAt + signed.readUInt32BE(dataAt + 16)
  assert.is(signed.readUInt32BE(directory), 0xfade0c02, 'a CodeDirectory')
  const [flags, hashesAt, nameAt, special, hashes, limit] = [12, 16, 20, 24, 28, 32].map(at => signed.readUInt32BE(directory + at))
  assert.equal([flags, special, hashes, limit], [0x20002, 0, Math.ceil(dataAt / 4096), dataAt])
  assert.is(signed.toString('latin1', directory + Number(nameAt), directory + Number(nameAt) + 12), 'helm-netpol\0')
  for (let page = 0; page < Number(hashes); page++) {
    const content = signed.subarray(page * 4096, Math.min((page + 1) * 4096, dataAt))
    const at = directory + Number(hashesAt) + 32 * page
    assert.is(signed.toString('hex', at, at + 32), createHash('sha256').update(content).digest('hex'), `page ${page}`)
  }
})

test('the last segment reaches over the signature, in whole pages of memory', () => {
  const signed = signAdHoc(executable(10_000), 'x')
  const linkedit = 32 + 72 + 80
  const [memory, at, size] = [32, 40, 48].map(offset => Number(signed.readBigUInt64LE(linkedit + offset)))
  assert.is(Number(at) + Number(size), signed.length)
  assert.is(Number(memory) % 16384, 0)
  assert.ok(Number(memory) >= Number(size))
})

test('nothing but the header and the end is touched', () => {
  const unsigned = executable(10_000)
  assert.ok(signAdHoc(unsigned, 'x').subarray(4096, unsigned.length).equals(unsigned.subarray(4096)))
})

test('a file of another form is refused', () => {
  assert.throws(() => signAdHoc(Buffer.from('\x7fELF'.padEnd(64)), 'x'), /no Mach-O executable/)
  assert.throws(() => signAdHoc(signAdHoc(executable(10_000), 'x'), 'x'), /signed already/)
  assert.throws(() => signAdHoc(Buffer.concat([executable(10_000), Buffer.from('more')]), 'x'), /__LINKEDIT is not the end/)
})

test.run()

/** The least that is an executable: __TEXT with one section, and __LINKEDIT to the file's end. */
function executable(size: number): Buffer {
  const file = Buffer.alloc(size, 7)
  file.fill(0, 0, 4096)
  const words = (at: number, values: readonly number[]): void => values.forEach((value, index) => file.writeUInt32LE(value, at + 4 * index))
  words(0, [0xfeedfacf, 0x0100000c, 0, 2, 2, 72 + 80 + 72, 0, 0])
  segment('__TEXT', 32, 72 + 80, 0, 8192, 1)
  words(32 + 72 + 48, [4096])
  segment('__LINKEDIT', 32 + 72 + 80, 72, 8192, size - 8192, 0)
  return file

  function segment(name: string, at: number, length: number, offset: number, bytes: number, sections: number): void {
    words(at, [0x19, length])
    file.write(name, at + 8, 'latin1')
    file.writeBigUInt64LE(BigInt(offset), at + 40)
    file.writeBigUInt64LE(BigInt(bytes), at + 48)
    words(at + 64, [sections])
  }
}

function signatureCommand(signed: Buffer): { dataAt: number; dataSize: number } {
  assert.equal([signed.readUInt32LE(16), signed.readUInt32LE(20)], [3, 72 + 80 + 72 + 16])
  const at = 32 + 72 + 80 + 72
  assert.equal([signed.readUInt32LE(at), signed.readUInt32LE(at + 4)], [0x1d, 16])
  return { dataAt: signed.readUInt32LE(at + 8), dataSize: signed.readUInt32LE(at + 12) }
}
