/** What the command tells people and shells about itself. */
import { spawnSync } from 'node:child_process'

import { expect, test } from 'vitest'

import { createProgram } from '../../src/cli/program.ts'
import { makeFolder, run, start } from '../command.ts'

const policies = ['list', 'show', 'create', 'update', 'delete'].map((command) => `policies ${command}`)
const tracker = ['start', 'submit', 'retry', 'list', 'show', 'export'].map((command) => `tracker ${command}`)
const uploads = ['demo', 'upload', 'status', 'watch']
const resources = ['customers', 'batches', 'devices', 'delete', 'assign']
const commands = [...uploads, ...resources, ...policies, ...tracker, 'login', 'logout', 'completion']

test('every command is listed here', () => {
  const { commands: all } = createProgram('0', {
    args: [],
    stdout: process.stdout,
    stderr: process.stderr,
    runCommand: () => Promise.resolve(),
  })
  const names = all.flatMap((command) =>
    command.commands.length > 0
      ? command.commands.map((one) => `${command.name()} ${one.name()}`)
      : [command.name()],
  )
  expect(names.filter((name) => name !== 'complete').toSorted()).toEqual(commands.toSorted())
})

test.for(commands)('%s --help has an example', async (command) => {
  const { code, stdout } = await run([...command.split(' '), '--help'])
  expect(code).toBe(0)
  const [, examples = ''] = stdout.split(/^Examples?:$/m)
  expect(examples).toContain(`devicebatch ${command}`)
})

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
