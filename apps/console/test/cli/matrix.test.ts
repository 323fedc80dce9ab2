/** Every command with every kind of bad input: one line, exit code 2, and no stack. A new command joins by itself. */
import { existsSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'

import type { Command } from 'commander'
import { expect, onTestFinished, test } from 'vitest'

import { createProgram } from '../../src/cli/program.ts'
import { runProgram } from '../../src/cli/run-program.ts'
import { watchStandardOutput } from '../../src/output/standard-output.ts'
import type { Run } from '../command.ts'
import { customer, deviceFile, leavesOf, main, makeFolder, run } from '../command.ts'

const { commands } = createProgram('0', {
  args: [],
  stdout: process.stdout,
  stderr: process.stderr,
  runCommand: () => Promise.resolve(),
})
const leaves = leavesOf(commands).flatMap(({ name }) => {
  // `complete` is for shells, and takes whatever the user has typed.
  if (name === 'complete') return []
  const words = name.split(' ')
  return [{ name, words, command: find(commands, words) }]
})

function find(among: readonly Command[], [word, ...rest]: readonly string[]): Command {
  const found = among.find((command) => command.name() === word)!
  return rest.length > 0 ? find(found.commands, rest) : found
}

/** Good values of arguments, by their names. Others that must be there are any text. */
const good: Readonly<Record<string, string>> = {
  file: 'devices.csv',
  shell: 'bash',
  'submission-id': customer,
  'notification-id': customer,
  devices: 'A1',
  id: customer,
  'tracking-id': customer,
}
/** Good values of options. */
const goodOptions: Readonly<Record<string, string>> = {
  '--batch': 'Name',
  '--policy': 'Name',
  '--name': 'Name',
  '--setting': 'skip_eula',
  '--url': 'https://example.com/hook',
  '--secret-file': 'secret',
  '--customer': customer,
  // A port on which nobody listens.
  '--emulator': 'http://127.0.0.1:9',
}

/** What a user types to run the command, with other values where some are given: nothing can be sent. */
function typed({ words, command }: (typeof leaves)[number], other: Record<string, string> = {}): string[] {
  const args = command.registeredArguments.flatMap((one) => {
    const value = other[one.name()] ?? good[one.name()] ?? (one.required ? 'Name' : undefined)
    return value === undefined ? [] : [value]
  })
  const options = command.options.flatMap((option) => {
    const value = other[option.long!] ?? (option.required ? goodOptions[option.long!] : undefined)
    return value === undefined ? [] : [option.long!, value]
  })
  return [...words, ...args, ...options]
}

async function prepare() {
  const folder = await makeFolder()
  await folder.write('devices.csv', deviceFile('A1'))
  await folder.write('secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  await mkdir(join(folder.path, 'folder'))
  const options = { cwd: folder.path, env: { XDG_CONFIG_HOME: join(folder.path, 'config') } }
  return { folder, options }
}

/** The line that says what is wrong; below it may be where to find help. */
function complaint({ code, stderr }: Run, expected: readonly (number | null)[] = [2]): string {
  expect(expected, stderr).toContain(code)
  // What was read before the mistake was found may be said first.
  const [, line = ''] = /^devicebatch: ([^\n]+)\n(?:\([^\n]+\)\n)*$/m.exec(stderr) ?? []
  expect(line, stderr).not.toBe('')
  expect(stderr).not.toMatch(/^ +at |node:internal/m)
  return line
}

test.for(leaves)('$name: a wrong option exits with 2', async (leaf) => {
  const { options } = await prepare()
  const result = await run([...typed(leaf), '--no-such-option'], options)
  expect(complaint(result)).toBe("unknown option '--no-such-option'")
  expect(result.stdout).toBe('')
})

/** Each argument that must be there. */
const takesArguments = leaves.flatMap((leaf) =>
  leaf.command.registeredArguments.map((argument) => ({ ...leaf, argument: argument.name() })),
)

test.for(takesArguments)('$name: a wrong $argument', async (leaf) => {
  const { options } = await prepare()
  // No path, no ID, no name and no shell.
  complaint(await run(typed(leaf, { [leaf.argument]: '' }), options))
})

const takesCustomer = leaves.filter(({ command }) =>
  command.options.some(({ long }) => long === '--customer'),
)

test.for(takesCustomer)('$name: a damaged ID of a customer', async (leaf) => {
  const { options } = await prepare()
  const line = complaint(await run(typed(leaf, { '--customer': '47021739-3426-40bf-9601' }), options))
  expect(line).toMatch(/customer/)
})

/** What is read: an argument `file`, and options that name a file. */
const reads = leaves.flatMap((leaf) => {
  const ofArguments = leaf.command.registeredArguments.flatMap((one) =>
    one.name() === 'file' ? ['file'] : [],
  )
  const ofOptions = leaf.command.options.flatMap(({ long, required, flags }) =>
    required && (['--env-file', '--secret-file'].includes(long!) || flags === '--file <file>') ? [long!] : [],
  )
  return [...ofArguments, ...ofOptions].map((input) => ({ ...leaf, input }))
})

test.for(reads)('$name: a file that is missing, or a folder, as $input', async (leaf) => {
  const { options } = await prepare()
  for (const path of ['none.csv', 'folder']) {
    expect(complaint(await run(typed(leaf, { [leaf.input]: path }), options))).toContain(path)
  }
})

/** What is written. */
const outputs = ['--output', '--results', '--journal', '--record', '--directory']
const writes = leaves.flatMap((leaf) =>
  leaf.command.options.flatMap(({ long }) => (outputs.includes(long!) ? [{ ...leaf, output: long! }] : [])),
)

test.for(writes)('$name: a folder that is missing, or a file in its place, for $output', async (leaf) => {
  const { folder, options } = await prepare()
  // A folder of its own is created, but not inside a file.
  const paths =
    leaf.output === '--directory' ? ['devices.csv'] : [join('none', 'out'), join('devices.csv', 'out')]
  for (const path of paths) complaint(await run(typed(leaf, { [leaf.output]: path }), options))
  expect(await folder.read('devices.csv')).toBe(deviceFile('A1'))
})

test.for(leaves)('$name: a terminal of 20 columns takes the help and an error', async (leaf) => {
  const { options } = await prepare()
  const help = await run([...leaf.words, '--help'], { ...options, columns: 20 })
  expect(help).toMatchObject({ code: 0, stderr: '' })
  complaint(await run([...typed(leaf), '--no-such-option'], { ...options, columns: 20 }))
})

/** A folder that nobody can write to: root writes everywhere but to what the kernel shows. */
async function readOnlyFolder(path: string): Promise<string> {
  if (process.getuid?.() === 0) return '/sys'
  await chmod(path, 0o500)
  onTestFinished(() => chmod(path, 0o700))
  return path
}

test.skipIf(process.platform === 'win32' || !existsSync('/sys')).for(writes)(
  '$name: a read-only folder for $output',
  async (leaf) => {
    const { folder, options } = await prepare()
    const path = join(await readOnlyFolder(join(folder.path, 'folder')), 'devicebatch-out')
    // For root, the system says so only when the file is written, and a command that fails writes it only with --json.
    const json = leaf.output === '--output' && leaf.command.options.some(({ long }) => long === '--json')
    const line = complaint(
      await run([...typed(leaf, { [leaf.output]: path }), ...(json ? ['--json'] : [])], options),
      [1, 2],
    )
    if (json) expect(line).toContain('access is denied')
  },
)

/** Runs the help of a command with a standard output that fails when it is written to, as in a process. */
async function runFailing({ words }: (typeof leaves)[number], failure: string) {
  const stdout = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error(failure), { code: failure, syscall: 'write' }))
    },
  })
  let told = ''
  const stderr = new Writable({
    write(chunk, _encoding, done) {
      told += String(chunk)
      done()
    },
  })
  const finish = watchStandardOutput(stdout, stderr)
  const { signal } = new AbortController()
  const stdin = (): PassThrough => new PassThrough()
  const surroundings = { env: {}, cwd: '.', script: main, signal, stdin, stdout, stderr }
  const code = await finish(await runProgram([...words, '--help'], surroundings))
  return { code, stderr: told }
}

test.for(leaves)('$name: a reader that closes standard output changes nothing', async (leaf) => {
  expect(await runFailing(leaf, 'EPIPE')).toEqual({ code: 0, stderr: '' })
})

test.for(leaves)('$name: a full disk is one line', async (leaf) => {
  const stderr = 'devicebatch: Standard output cannot be written: the disk is full.\n'
  expect(await runFailing(leaf, 'ENOSPC')).toEqual({ code: 1, stderr })
})
