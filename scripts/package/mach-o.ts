import { createHash } from 'node:crypto'

/**
 * An ad-hoc signature for a Mach-O executable: hashes of its pages without anybody's key, as linkers make one and as
 * `codesign --sign -` does. macOS on Apple silicon runs nothing without (Apple, Code Signing; layouts: xnu,
 * EXTERNAL_HEADERS/mach-o/loader.h and osfmk/kern/cs_blobs.h). Throws for a file of another form.
 */
export function signAdHoc(unsigned: Buffer, identifier: string): Buffer {
  const header = readHeader(unsigned)
  const { linkedit, text } = header
  // The signature is the end of __LINKEDIT, which is the end of the file.
  const limit = aligned(unsigned.length, 16)
  const hashed = Math.ceil(limit / page)
  const size = signatureSize(hashed, identifier)

  const signed = Buffer.alloc(limit + size)
  unsigned.copy(signed)
  signed.writeUInt32LE(header.commands + 1, 16)
  signed.writeUInt32LE(header.commandsSize + 16, 20)
  for (const [index, word] of [LC_CODE_SIGNATURE, 16, limit, size].entries()) signed.writeUInt32LE(word, header.end + 4 * index)
  const linkeditSize = signed.length - linkedit.fileOffset
  signed.writeBigUInt64LE(BigInt(linkeditSize), linkedit.at + 48)
  signed.writeBigUInt64LE(BigInt(aligned(linkeditSize, memoryPage)), linkedit.at + 32)

  writeSignature(signed, limit, hashed, identifier, text.fileSize)
  return signed
}

const page = 4096
const memoryPage = 16384
const LC_SEGMENT_64 = 0x19
const LC_CODE_SIGNATURE = 0x1d
const superBlobSize = 20
const directorySize = 88

interface Segment {
  /** Where its load command stands. */
  readonly at: number
  readonly fileOffset: number
  readonly fileSize: number
}

interface Header {
  readonly commands: number
  readonly commandsSize: number
  /** Where the load commands end. */
  readonly end: number
  readonly text: Segment
  readonly linkedit: Segment
}

function readHeader(file: Buffer): Header {
  if (file.length < 32 || file.readUInt32LE(0) !== 0xfeedfacf) throw new Error('no Mach-O executable of 64 bits')
  const commands = file.readUInt32LE(16)
  const commandsSize = file.readUInt32LE(20)
  const end = 32 + commandsSize
  const segments = new Map<string, Segment>()
  let firstSection = file.length
  for (let at = 32, left = commands; left > 0; at += file.readUInt32LE(at + 4), left--) {
    const command = file.readUInt32LE(at)
    if (command === LC_CODE_SIGNATURE) throw new Error('the Mach-O executable is signed already')
    if (command !== LC_SEGMENT_64) continue
    const name = file.toString('latin1', at + 8, at + 24).replace(/\0+$/, '')
    segments.set(name, { at, fileOffset: Number(file.readBigUInt64LE(at + 40)), fileSize: Number(file.readBigUInt64LE(at + 48)) })
    for (let section = at + 72, count = file.readUInt32LE(at + 64); count > 0; section += 80, count--) {
      const offset = file.readUInt32LE(section + 48)
      if (offset > 0) firstSection = Math.min(firstSection, offset)
    }
  }
  const text = segments.get('__TEXT')
  const linkedit = segments.get('__LINKEDIT')
  if (text === undefined || linkedit === undefined) throw new Error('the Mach-O executable has no __TEXT or no __LINKEDIT')
  if (linkedit.fileOffset + linkedit.fileSize !== file.length) throw new Error('__LINKEDIT is not the end of the Mach-O executable')
  if (end + 16 > firstSection) throw new Error('the Mach-O executable has no room for one more load command')
  return { commands, commandsSize, end, text, linkedit }
}

function signatureSize(hashed: number, identifier: string): number {
  return superBlobSize + directorySize + identifier.length + 1 + 32 * hashed
}

/** A SuperBlob with nothing but a CodeDirectory (version 0x20400, SHA-256), its numbers in big-endian. */
function writeSignature(file: Buffer, at: number, hashed: number, identifier: string, textSize: number): void {
  const size = file.length - at
  const identifierAt = directorySize
  const hashesAt = identifierAt + identifier.length + 1
  // CS_ADHOC and CS_LINKER_SIGNED: without the other blobs that codesign writes.
  const adHoc = 0x20002
  const mainBinary = 1n
  const words = (start: number, ...values: number[]): void => values.forEach((value, index) => file.writeUInt32BE(value, start + 4 * index))

  words(at, 0xfade0cc0, size, 1, 0, superBlobSize)
  const directory = at + superBlobSize
  words(directory, 0xfade0c02, size - superBlobSize, 0x20400, adHoc, hashesAt, identifierAt, 0, hashed, at)
  // Size and type of the hashes (SHA-256), platform, and the page's size as a power of two.
  file.set([32, 2, 0, Math.log2(page)], directory + 36)
  // From here on zeroes (no scatter, no team, a limit below 4 GiB) up to the executable segment: where, how long, of what kind.
  file.writeBigUInt64BE(BigInt(textSize), directory + 72)
  file.writeBigUInt64BE(mainBinary, directory + 80)
  file.write(identifier, directory + identifierAt, 'latin1')
  for (let index = 0; index < hashed; index++) {
    const start = index * page
    const hash = createHash('sha256').update(file.subarray(start, Math.min(start + page, at)))
    file.set(hash.digest(), directory + hashesAt + 32 * index)
  }
}

function aligned(size: number, to: number): number {
  return Math.ceil(size / to) * to
}
