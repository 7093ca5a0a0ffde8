/**
 * A Windows executable without its Authenticode signature, which would be wrong once something is put into the file
 * (Microsoft, PE Format: the certificate table stands at the file's end, and its place in the fifth data directory).
 * Throws for a file of another form.
 */
export function unsign(signed: Buffer): Buffer {
  const header = signed.length < 64 || signed.toString('latin1', 0, 2) !== 'MZ' ? -1 : signed.readUInt32LE(60)
  if (header < 0 || header + 24 + 152 > signed.length || signed.toString('latin1', header, header + 4) !== 'PE\0\0') throw new Error('no Windows executable')
  const optional = header + 24
  if (signed.readUInt16LE(optional) !== 0x20b) throw new Error('no Windows executable of 64 bits')
  const certificates = optional + 112 + 4 * 8
  const [at, size] = [signed.readUInt32LE(certificates), signed.readUInt32LE(certificates + 4)]
  if (size > 0 && at + size !== signed.length) throw new Error('the certificates are not the end of the Windows executable')
  const bare = Buffer.from(signed.subarray(0, size > 0 ? at : signed.length))
  bare.fill(0, certificates, certificates + 8)
  // The checksum, which Windows looks at in drivers only; 0 stands for none.
  bare.writeUInt32LE(0, optional + 64)
  return bare
}
