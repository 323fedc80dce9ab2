/** What the command tells people and shells about itself. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { folderOf } from '../../src/cli/complete-files.ts'
import { createProgram } from '../../src/cli/program.ts'
import { leavesOf, main, makeFolder, run, start } from '../command.ts'

const { commands: all } = createProgram('0', {
  args: [],
  stdout: process.stdout,
  stderr: process.stderr,
  runCommand: () => Promise.resolve(),
})
/** Every command that a user sees: the shell calls `complete`. */
const commands = leavesOf(all).flatMap(({ name }) => (name === 'complete' ? [] : [name]))

test.for(commands)('%s --help has an example', async (command) => {
  const { code, stdout } = await run([...command.split(' '), '--help'])
  expect(code).toBe(0)
  const [, examples = ''] = stdout.split(/^Examples?:$/m)
  expect(examples).toContain(`devicebatch ${command}`)
})

test('the table of commands in the README has every command', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const rows = readme.matchAll(/^\| `devicebatch ([a-z]+(?: [a-z][a-z-]*)*)[^`]*`((?: `[a-z-]+`)*)/gm)
  const listed = [...rows].flatMap(([, first = '', others = '']) => {
    const group = first.split(' ').slice(0, -1)
    return [first, ...[...others.matchAll(/[a-z-]+/g)].map(([name]) => [...group, name].join(' '))]
  })
  expect(listed.toSorted()).toEqual(commands.toSorted())
})

test.for([
  ['help tracker health', 'tracker health --help'],
  ['help tracker webhooks add', 'tracker webhooks add --help'],
  ['tracker help webhooks add', 'tracker webhooks add --help'],
  ['help upload', 'upload --help'],
])('%s shows the same as %s', async ([typed, long]) => {
  const [help, option] = await Promise.all([run(typed!.split(' ')), run(long!.split(' '))])
  expect(help).toEqual(option)
})

test.for([
  [['help', 'uplaod'], "unknown command 'uplaod' (Did you mean upload?)"],
  [['help', 'tracker', 'healht'], "unknown command 'healht' (Did you mean health?)"],
  [['tracker', 'help', 'healht'], "unknown command 'healht' (Did you mean health?)"],
] as const)('help for a command that does not exist is an error: %j', async ([typed, message]) => {
  const { code, stdout, stderr } = await run(typed)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr.replaceAll('\n(', ' (')).toContain(message)
})

test('a file with the columns that upload --help names can be sent', async () => {
  const { stdout: help } = await run(['upload', '--help'])
  const header = /in any order:\n([^]*?)\nor their other names/.exec(help)![1]!.replaceAll(/\s*\n\s*/g, ' ')
  const folder = await makeFolder()
  const path = await folder.write('devices.csv', `${header.trim()}\nA1,,,HP,EliteBook\n`)
  const { code, stdout } = await run(['upload', path, '--customer', 'contoso', '--batch', 'B', '--dry-run'])
  expect(code).toBe(0)
  expect(stdout).toContain('1 device')
  expect(stdout).not.toContain('not read')
})

test.for([
  ['upload', [0, 1, 2, 3, 130]],
  ['tracker submit', [0, 1, 2, 130]],
  ['batches', [0, 1, 2, 130]],
] as const)('%s --help lists only the exit codes that it can have', async ([command, codes]) => {
  const { stdout } = await run([...command.split(' '), '--help'])
  const [, list = ''] = stdout.split('Exit codes:')
  expect([...list.matchAll(/^ {2}(\d+)/gm)].map(([, code]) => Number(code))).toEqual(codes)
  expect(list.includes('row')).toBe(command !== 'batches')
})

test.for([[], ...commands.filter((one) => one !== 'completion').map((one) => one.split(' '))])(
  '%j --help lists the exit codes',
  async (command) => {
    const { stdout } = await run([...command, '--help'])
    expect(stdout).toMatch(/^Exit codes:\n {2}0 [^]*\n {2}130 /m)
  },
)

test.for([[], ['policies'], ['tracker'], ['tracker', 'webhooks'], ...commands.map((one) => one.split(' '))])(
  '%j --help fits 80 columns, except command lines and links to copy',
  async (command) => {
    const { stdout } = await run([...command, '--help'])
    const wide = stdout.split('\n').filter((line) => line.length > 80)
    expect(wide.filter((line) => !/^ +(?:\w+ +)?.*(?:devicebatch |https:)/.test(line))).toEqual([])
  },
)

test.for(['bash', 'zsh', 'fish', 'powershell'])(
  'there is a completion script for %s that its shell can read',
  async (shell) => {
    const { code, stdout } = await start(['completion', shell]).run
    expect(code).toBe(0)
    expect(stdout).toMatch(/devicebatch complete '?--/)
    const { error, status, stderr } = spawnSync(shell, ['-n'], { input: stdout, encoding: 'utf8' })
    // Not every shell is on every machine.
    if (!error) expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  },
)

const hasBash = !spawnSync('bash', ['--version']).error

test.runIf(hasBash)(
  'bash completes without the package bash-completion, and after sourcing twice',
  async () => {
    const { stdout: script } = await run(['completion', 'bash'])
    const folder = await makeFolder()
    await folder.write('two words.csv', '')
    await folder.write('completion.bash', script)
    const lines = [
      `devicebatch() { ${process.execPath} ${main} "$@"; }`,
      '. ./completion.bash; . ./completion.bash',
      'try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _devicebatch_complete; printf "%s|" "${COMPREPLY[@]}"; echo; }',
      'try devicebatch up',
      'try devicebatch upload two',
      'try devicebatch upload d.csv --results = tw',
      'try devicebatch policies ""',
      "try devicebatch upload '$(touch pwned)' --ch",
      'ls',
    ]
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', lines.join('\n')], {
      cwd: folder.path,
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(stdout.split('\n')).toEqual([
      'upload|',
      'two words.csv|',
      'two words.csv|',
      'list|show|create|update|delete|help|',
      '--chunk-size|',
      'completion.bash',
      'two words.csv',
      '',
    ])
  },
)

test('commands, options and files are completed', async () => {
  const complete = async (...words: string[]): Promise<string[]> => {
    const { stdout } = await start(['complete', '--', ...words]).run
    return stdout
      .split('\n')
      .flatMap((line) => (line.startsWith(':') || line === '' ? [] : line.split('\t')[0]!))
  }
  expect(await complete('up')).toEqual(['upload'])
  expect(await complete('policies', '')).toEqual(
    expect.arrayContaining(['list', 'show', 'create', 'update', 'delete']),
  )
  expect(await complete('upload', '--ch')).toEqual(['--chunk-size'])
  const folder = await makeFolder()
  const file = await folder.write('devices.csv', '')
  expect(await complete('upload', `${folder.path}/d`)).toEqual([file])
})

test.for([
  ['win32', String.raw`C:\Users\Ann\dev`, String.raw`C:\Users\Ann` + '\\'],
  ['win32', 'C:/Users/dev', 'C:/Users/'],
  ['win32', 'C:dev', 'C:'],
  ['win32', 'dev', ''],
  ['linux', 'lists/dev', 'lists/'],
  ['linux', String.raw`a\b`, ''],
  ['darwin', 'C:dev', ''],
] as const)('on %s, %s is completed in the folder %s', ([platform, word, folder]) => {
  expect(folderOf(word, platform)).toBe(folder)
})
