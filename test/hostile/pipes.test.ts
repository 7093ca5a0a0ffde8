import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { folderWith } from '../helpers/folder.ts'
import { bundle } from '../helpers/program.ts'
import { workload } from '../helpers/streams.ts'
import { assertAnswered, assertCalm, assertRefused, inShell, start } from './program.ts'

/** What is at the other ends of stdin, stdout and stderr may be slow, gone, full or no pipe at all. */

const fullDevice = existsSync('/dev/full')
const unix = process.platform !== 'win32'
const large = `${workload()}---\nkind: ConfigMap\ndata:\n${'  a: b\n'.repeat(200_000)}`

const stdin = suite('stdin')

stdin('that comes in small pieces with pauses is read whole', async () => {
  const input = workload() + '# x\n'.repeat(100)
  const pieces = Array.from({ length: Math.ceil(input.length / 13) }, (_, index) => Buffer.from(input.slice(index * 13, index * 13 + 13)))
  assertAnswered(await start(['--engine', 'cilium'], { pieces }), input)
})

if (unix) {
  stdin('that is not ready, since another program made the pipe non-blocking, is waited for', async () => {
    // To look at a pipe, Node makes it non-blocking, for whoever inherits it too.
    const outer =
      "process.stdin; require('child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' }).on('exit', code => process.exit(code))"
    const folder = folderWith({ 'outer.cjs': `${outer.replace('slice(1)', 'slice(2)')}\n`, 'in.yaml': large })
    const script = `(sleep 0.3; cat in.yaml; sleep 0.3; echo "# end") | "${process.execPath}" outer.cjs "${bundle}" --engine cilium | (sleep 0.3; cat)`
    assertAnswered(await inShell(script, { cwd: folder }), `${large}# end\n`)
  })

  stdin('that is closed is an empty one', async () => {
    assertRefused(await inShell('netpol --engine cilium <&-'), /NP100: the stream holds no document/)
  })

  stdin('that is a folder is told', async () => {
    assertRefused(await inShell('netpol --engine cilium < /'), /stdin or stdout cannot be used: it is a folder/)
  })

  stdin('that is a file is read like a pipe', async () => {
    const cwd = folderWith({ 'in.yaml': large })
    assertAnswered(await inShell('netpol --engine cilium < in.yaml', { cwd }), large)
  })
}

if (existsSync('/dev/zero')) {
  stdin('that never ends is refused before it fills the memory', async () => {
    const ended = await inShell('netpol --engine cilium < /dev/zero')
    assertRefused(ended, /stdin or stdout cannot be used: it holds more than 500 MB/)
    assert.ok(ended.peak < 1400, `${ended.peak} MB`)
  })
}

stdin.run()

const outputs = suite('stdout and stderr')

if (unix) {
  outputs('that close early end it without a word', async () => {
    const cwd = folderWith({ 'in.yaml': large })
    const ended = await inShell('{ netpol --engine cilium < in.yaml; echo $? > code; } | head -c 10', { cwd })
    assertCalm(ended)
    assert.equal([ended.stderr, ended.stdout.length, readFileSync(join(cwd, 'code'), 'utf8')], ['', 10, '0\n'])
  })

  outputs('that are closed end it without a crash', async () => {
    for (const closed of ['>&-', '2>&-', '>&- 2>&-']) assertCalm(await inShell(`netpol --engine cilium ${closed}`, { input: workload() }))
  })

  outputs('stderr that is closed takes nothing from the output', async () => {
    assertAnswered(await inShell('netpol 2>&-', { input: workload() }), workload())
  })

  outputs('stderr that nobody reads takes nothing from the output', async () => {
    const cwd = folderWith()
    const ended = await inShell('{ netpol --engine kubernetes --set networkPolicy.egress.enabled=true 2>&1 >out.yaml; echo $? > code; } | true; sleep 0.1', {
      cwd,
      input: workload(),
    })
    assertCalm(ended)
    assert.match(readFileSync(join(cwd, 'out.yaml'), 'utf8'), /kind: NetworkPolicy[^]*kind: Deployment/)
    assert.is(readFileSync(join(cwd, 'code'), 'utf8'), '0\n')
  })
}

if (fullDevice) {
  outputs('stdout on a full disk is told', async () => {
    const ended = await inShell('netpol --engine cilium > /dev/full', { input: workload() })
    assertRefused(ended, /stdin or stdout cannot be used: the disk is full/)
  })

  outputs('stderr on a full disk takes nothing from the output', async () => {
    assertAnswered(await inShell('netpol 2> /dev/full', { input: workload() }), workload())
  })

  outputs('both on a full disk are an exit code at least', async () => {
    const ended = await inShell('netpol --engine cilium > /dev/full 2> /dev/full', { input: workload() })
    assert.equal([ended.code, ended.stdout, ended.stderr], [1, '', ''])
  })

  outputs('a command beside the filter tells a full disk as well', async () => {
    for (const args of ['schema', 'explain --engine cilium', 'values', '--help', '--version']) {
      assertRefused(await inShell(`netpol ${args} > /dev/full`, { input: workload() }), /stdin or stdout cannot be used: the disk is full/)
    }
  })
}

outputs.run()

const reports = suite('the report')

if (fullDevice) {
  reports('on a full disk fails the run', async () => {
    assertRefused(await start(['--engine', 'cilium', '--report', '/dev/full'], { input: workload() }), /\/dev\/full cannot be written: the disk is full/)
  })
}

reports('at a folder, below a file or below nothing fails the run', async () => {
  const cwd = folderWith({ file: '' })
  for (const [path, message] of [
    ['.', /\. cannot be written: it is a folder/],
    ['file/report.json', /file\/report\.json cannot be written: /],
    ['gone/report.json', /gone\/report\.json cannot be written: there is no such file/],
    ['x'.repeat(300), /cannot be written: /],
    ['a\0b', /cannot be written: /],
  ] as const) {
    // No argument of a program holds a NUL, but an argument from elsewhere may look like one.
    if (path.includes('\0')) continue
    assertRefused(await start(['--engine', 'cilium', '--report', path], { input: workload(), cwd }), message)
  }
})

reports('is written over an earlier one, and not read', async () => {
  const cwd = folderWith({ 'report.json': 'x'.repeat(100_000) })
  writeFileSync(join(cwd, 'report.json'), 'x'.repeat(100_000))
  assertAnswered(await start(['--engine', 'cilium', '--report', 'report.json'], { input: workload(), cwd }), workload())
  assert.is(Reflect.get(Object(JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8'))), 'ok'), true)
})

reports.run()
