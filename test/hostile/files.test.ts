import { chmodSync, existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { folderWith } from '../helpers/folder.ts'
import { workload } from '../helpers/streams.ts'
import { assertAnswered, assertCalm, assertRefused, inShell, start } from './program.ts'

/** A values file may be anything that a path can name. */

const values = 'networkPolicy:\n  enabled: true\n'
const unix = process.platform !== 'win32'

if (unix) {
  test('a named pipe is read, and once only: what `<(command)` is', async () => {
    const cwd = folderWith({ 'values.yaml': values })
    // A second reading would wait for a writer that never comes.
    assertAnswered(await inShell('mkfifo pipe; (sleep 0.2; cat values.yaml) > pipe & netpol -f pipe', { cwd, input: workload() }), workload())
  })

  test('a device that is empty is an empty file', async () => {
    assertAnswered(await start(['-f', '/dev/null'], { input: workload() }), workload())
  })

  test('a device that never ends is refused before it fills the memory', async () => {
    const ended = await start(['-f', '/dev/zero'], { input: workload() })
    assertRefused(ended, /the values cannot be read: it holds more than 50 MB\n {2}at \/dev\/zero\n/)
    assert.ok(ended.peak < 350, `${ended.peak} MB`)
  })
}

if (existsSync('/dev/stdin')) {
  test('stdin cannot be values and stream at once', async () => {
    for (const path of ['/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'].filter(path => existsSync(path))) {
      assertRefused(
        await inShell(`cat | netpol --engine cilium -f ${path}`, { input: workload() }),
        /the values cannot be read: it is stdin, which holds the stream/,
      )
      // A socket, which is what Node hands to its children, cannot be opened anew.
      assertRefused(await start(['--engine', 'cilium', '-f', path], { input: workload() }), /the values cannot be read: it is /)
    }
    assertRefused(await inShell('cat | netpol flux /dev/stdin', { input: workload() }), /\/dev\/stdin cannot be read: it is stdin/)
  })
}

test('a folder, a file that is gone and one below a file are told with their path', async () => {
  const cwd = folderWith({ 'values.yaml': values })
  mkdirSync(join(cwd, 'folder'))
  assertRefused(await start(['-f', 'folder'], { input: workload(), cwd }), /it is a folder\n {2}at folder\n/)
  assertRefused(await start(['-f', 'gone'], { input: workload(), cwd }), /there is no such file\n {2}at gone\n/)
  assertRefused(await start(['-f', 'values.yaml/x'], { input: workload(), cwd }), /the values cannot be read: .*\n {2}at values\.yaml\/x\n/)
  assertRefused(await start(['-f', 'x'.repeat(300)], { input: workload(), cwd }), /the values cannot be read: /)
  // Helm reads stdin for it.
  assertRefused(await start(['-f', '-'], { input: workload(), cwd }), /there is no such file\n {2}at -\n/)
})

if (unix && process.getuid?.() !== 0) {
  test('a file that this user may not read is told', async () => {
    const cwd = folderWith({ 'values.yaml': values })
    chmodSync(join(cwd, 'values.yaml'), 0)
    assertRefused(await start(['-f', 'values.yaml'], { input: workload(), cwd }), /it may not be read or written by this user\n {2}at values\.yaml\n/)
  })
}

test('a file of a gigabyte is refused unread', async () => {
  const cwd = folderWith({ 'values.yaml': values })
  truncateSync(join(cwd, 'values.yaml'), 2 ** 30)
  const ended = await start(['-f', 'values.yaml'], { input: workload(), cwd })
  assertRefused(ended, /it holds more than 50 MB\n {2}at values\.yaml\n/)
  assert.ok(ended.peak < 150, `${ended.peak} MB`)
})

if (unix) {
  test('a file that grows and shrinks while it is read is read or refused', async () => {
    const cwd = folderWith({ 'values.yaml': values })
    const script =
      '(for i in 1 2 3 4 5 6 7 8 9; do echo "a$i: b" >> values.yaml; : > values.yaml; done) & for i in 1 2 3; do netpol -f values.yaml < in.yaml > out.yaml || exit 9; done; wait; cat out.yaml'
    writeFileSync(join(cwd, 'in.yaml'), workload())
    const ended = await inShell(script, { cwd })
    assertCalm(ended)
  })

  test('links are followed, and those that lead in circles are told', async () => {
    const cwd = folderWith({ 'values.yaml': values })
    symlinkSync('values.yaml', join(cwd, 'link-0'))
    for (let index = 1; index < 60; index++) symlinkSync(`link-${index - 1}`, join(cwd, `link-${index}`))
    symlinkSync('circle', join(cwd, 'circle'))
    assertAnswered(await start(['-f', 'link-20'], { input: workload(), cwd }), workload())
    assertRefused(await start(['-f', 'link-59'], { input: workload(), cwd }), /the values cannot be read: .*too many symbolic links/)
    assertRefused(await start(['-f', 'circle'], { input: workload(), cwd }), /the values cannot be read: .*too many symbolic links/)
  })
}

test('ten thousand files are read one after the other', async () => {
  const cwd = folderWith({ 'values.yaml': values })
  const files = Array.from({ length: 10_000 }, () => ['-f', 'values.yaml']).flat()
  assertAnswered(await start(files, { input: workload(), cwd }), workload())
})

test.run()
