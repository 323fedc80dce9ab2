/** What can be typed after `devicebatch-dashboard`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { runCommand } from './run-command.ts'

const folder = join(import.meta.dirname, '..')

test.each(['--help', '-h'])('%s shows help, and starts nothing', async (option) => {
  const { exitCode, stdout, stderr } = await runCommand([option])
  expect(stdout).toMatch(/^Usage: devicebatch-dashboard /)
  expect(stdout).toContain('All settings are environment variables')
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
})

test('--version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  expect(await runCommand(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
})

test.each([
  ['--prot', "unknown option '--prot'."],
  ['--versoin', "unknown option '--versoin' (Did you mean --version?)"],
  ['wroker', "unexpected argument 'wroker'."],
])('%s, which it does not accept, is refused in one line', async (argument, message) => {
  expect(await runCommand([argument])).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `devicebatch-dashboard: ${message} --help lists what it accepts.\n`,
  })
})
