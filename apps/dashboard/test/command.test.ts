/** What can be typed after `devicebatch-dashboard`. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '..')

test.each(['--help', '-h'])('%s shows help, and starts nothing', async (option) => {
  const { exitCode, stdout, stderr } = await run(option)
  expect(stdout).toMatch(/^Usage: devicebatch-dashboard /)
  expect(stdout).toContain('All settings are environment variables')
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
})

test('--version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  expect(await run('--version')).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
})

test.each([
  ['--prot', "unknown option '--prot'."],
  ['--versoin', "unknown option '--versoin' (Did you mean --version?)"],
  ['start', 'too many arguments. Expected 0 arguments but got 1: start.'],
])('%s, which it does not accept, is refused in one line', async (argument, message) => {
  expect(await run(argument)).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `devicebatch-dashboard: ${message} --help lists what it accepts.\n`,
  })
})

function run(...args: string[]): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(folder, 'src/main.ts'), ...args],
      { env: { PATH: process.env['PATH'], PORT: '0' }, timeout: 120_000 },
      (_, stdout, stderr) => resolve({ exitCode: child.exitCode, stdout, stderr }),
    )
  })
}
