/** What can be typed after `devicebatch-dashboard`. */
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

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

test('a demo that is stopped as soon as it says where it is leaves nothing behind', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'devicebatch-stopped-'))
  onTestFinished(() => rm(temporary, { recursive: true, force: true }))
  const stopsItself = `const { log } = console
    console.log = (...line) => { log(...line); process.kill(process.pid, 'SIGTERM') }`
  const { exitCode, stdout } = await runCommand([], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(stopsItself)}`,
    TMPDIR: temporary,
  })
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: expect.stringContaining('The dashboard is at '),
  })
  expect(await readdir(temporary)).toEqual([])
})
