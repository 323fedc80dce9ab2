/** Every command with every kind of bad input: one line, exit code 1 or 2, and no stack. A new command joins by itself. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { Command } from 'commander'
import { expect, onTestFinished, test } from 'vitest'

import { createProgram } from '../../src/cli/program.ts'
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

/** Good values of arguments and of options that must be there, by their names; everything else is a text. */
const good: Readonly<Record<string, string>> = {
  file: 'devices.csv',
  shell: 'bash',
  'submission-id': customer,
  'tracking-id': customer,
}
/** A port on which nobody listens. */
const nobody = 'http://127.0.0.1:9'

/** What a user types to run the command, with other values where some are given: nothing can be sent. */
function typed({ words, command }: (typeof leaves)[number], other: Record<string, string> = {}): string[] {
  const args = command.registeredArguments.flatMap((one) => {
    const value = other[one.name()] ?? (one.required ? (good[one.name()] ?? 'Name') : undefined)
    return value === undefined ? [] : [value]
  })
  const options = command.options.flatMap((option) => {
    const name = option.long!.slice(2)
    const fallback = { customer, emulator: nobody }[name] ?? (option.mandatory ? 'Name' : undefined)
    const value = other[option.long!] ?? (option.required ? fallback : undefined)
    return value === undefined ? [] : [option.long!, value]
  })
  return [...words, ...args, ...options]
}

async function prepare() {
  const folder = await makeFolder()
  await folder.write('devices.csv', deviceFile('A1'))
  await mkdir(join(folder.path, 'folder'))
  const options = { cwd: folder.path, env: { XDG_CONFIG_HOME: join(folder.path, 'config') } }
  return { folder, options }
}

/** The line that says what is wrong; below it may be where to find help. */
function complaint({ code, stderr }: Run, expected: readonly (number | null)[] = [1]): string {
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
  expect(complaint(result, [2])).toBe("unknown option '--no-such-option'")
  expect(result.stdout).toBe('')
})

/** Each argument that must be there. */
const takesArguments = leaves.flatMap((leaf) =>
  leaf.command.registeredArguments.map((argument) => ({ ...leaf, argument: argument.name() })),
)

test.for(takesArguments)('$name: a wrong $argument', async (leaf) => {
  const { options } = await prepare()
  // No path, no id, no name and no shell.
  complaint(await run(typed(leaf, { [leaf.argument]: '' }), options), [1, 2])
})

const takesCustomer = leaves.filter(({ command }) =>
  command.options.some(({ long }) => long === '--customer'),
)

test.for(takesCustomer)('$name: a damaged id of a customer', async (leaf) => {
  const { options } = await prepare()
  const line = complaint(await run(typed(leaf, { '--customer': '47021739-3426-40bf-9601' }), options))
  expect(line).toMatch(/customer|tracker database|nothing to change/)
})

/** What is read: an argument `file`, and options that name a file. */
const reads = leaves.flatMap((leaf) => {
  const ofArguments = leaf.command.registeredArguments.flatMap((one) =>
    one.name() === 'file' ? ['file'] : [],
  )
  const ofOptions = leaf.command.options.flatMap(({ long, required, flags }) =>
    required && (long === '--env-file' || flags === '--csv <file>') ? [long!] : [],
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
  complaint(await run([...typed(leaf), '--no-such-option'], { ...options, columns: 20 }), [2])
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
    const line = complaint(await run(typed(leaf, { [leaf.output]: path }), options))
    if (leaf.output === '--output') expect(line).toContain('access is denied')
  },
)

/** A process of its own for each command, and for each group one. */
const first = leaves.filter(
  ({ words: [word] }, index) => leaves.findIndex((one) => one.words[0] === word) === index,
)

/** What the commands print to standard error when the shell does this with standard output, and their exit code. */
async function tellAll(redirection: string): Promise<string[]> {
  const { folder } = await prepare()
  const told: string[] = []
  for (const { words } of first) {
    const line = `{ ${process.execPath} ${main} ${words.join(' ')} --help; echo $? >&2; } ${redirection}`
    const child = spawn('sh', ['-c', line], { cwd: folder.path, stdio: ['ignore', 'ignore', 'pipe'] })
    let stderr = ''
    child.stderr.on('data', (chunk) => (stderr += String(chunk)))
    await once(child, 'close')
    told.push(stderr)
  }
  return told
}

// Each of them starts a process for every command.
const timeout = 240_000
const hasFull = existsSync('/dev/full')

test.runIf(hasFull)(
  'a reader that closes standard output changes nothing, whatever the command',
  { timeout },
  async () => {
    expect(new Set(await tellAll('| head -c 1'))).toEqual(new Set(['0\n']))
  },
)

test.runIf(hasFull)('a full disk is one line, whatever the command', { timeout }, async () => {
  const reason = 'devicebatch: Standard output cannot be written: the disk is full.'
  expect(new Set(await tellAll('> /dev/full'))).toEqual(new Set([`${reason}\n1\n`]))
})
