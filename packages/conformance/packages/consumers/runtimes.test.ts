/** The installed packages, used by programs as people write them for each runtime. */
import { spawn } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, inject, onTestFinished, test } from 'vitest'

import { isThere, runtimeNamed } from '../../runtimes/runtimes.ts'
import { makeDenoWorkspace } from '../../shared/deno-workspace.ts'
import { runCommand } from '../../shared/run-command.ts'
import { makeProject, startEmulator, uploaded } from './consumer.ts'

const node22 = runtimeNamed('node22')
const bun = runtimeNamed('bun')
const deno = runtimeNamed('deno')

describe('the command of the emulator', () => {
  test('is on the path after installing it, and serves', async () => {
    const command = spawn(
      join(inject('packed').installed, 'node_modules/.bin/devicebatch-emulator'),
      ['--port=0'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        shell: process.platform === 'win32',
      },
    )
    onTestFinished(() => void command.kill())
    let said = ''
    for await (const text of command.stdout.setEncoding('utf8')) {
      said += String(text)
      if (said.includes('Ctrl-C')) break
    }
    const [, page] = /State, control +(\S+)/.exec(said)!
    expect((await fetch(page!)).headers.get('x-devicebatch-emulator')).toBe('true')
  })
})

describe('a program', () => {
  test('of modules runs on Node', async () => {
    const { baseUrl, token } = await startEmulator()
    const printed = await runCommand(await makeProject(), process.execPath, 'modules.js', baseUrl, token)
    expect(JSON.parse(printed)).toEqual(uploaded)
  })

  test.skipIf(!isThere(node22))('that calls require() runs on the oldest Node without warnings', async () => {
    const printed = await runCommand(
      await makeProject(),
      node22.executable,
      '--throw-deprecation',
      'require.cjs',
    )
    expect(printed).toBe('finished function function\n')
  })

  test.skipIf(!isThere(bun))('runs on Bun', async () => {
    const { baseUrl, token } = await startEmulator()
    const printed = await runCommand(await makeProject(), bun.executable, 'run', 'modules.js', baseUrl, token)
    expect(JSON.parse(printed)).toEqual(uploaded)
  })

  test.skipIf(!isThere(deno))('is type-checked and runs on Deno, from npm', async () => {
    const { baseUrl, token } = await startEmulator()
    const project = await makeProject()
    const printed = await runCommand(
      project,
      deno.executable,
      'run',
      '--check',
      '--cached-only',
      '--node-modules-dir=manual',
      '--allow-net=127.0.0.1',
      'deno-npm.ts',
      baseUrl,
      token,
    )
    expect(JSON.parse(printed)).toEqual(uploaded)
  })

  test.skipIf(!isThere(deno))(
    'is type-checked and runs on Deno, from the sources that JSR serves',
    async () => {
      const { baseUrl, token } = await startEmulator()
      const workspace = await makeDenoWorkspace(inject('packed').copy)
      await cp(join(import.meta.dirname, 'projects/deno-jsr.ts'), join(workspace, 'consumer/deno-jsr.ts'))
      const printed = await runCommand(
        workspace,
        deno.executable,
        'run',
        '--check',
        '--cached-only',
        '--allow-net=127.0.0.1',
        'consumer/deno-jsr.ts',
        baseUrl,
        token,
      )
      expect(printed).toBe('failed\n')
    },
  )
})
