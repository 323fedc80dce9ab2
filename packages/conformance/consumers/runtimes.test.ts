/** The installed packages, taken by programs as people write them for each runtime. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, inject, test } from 'vitest'

import { makeDenoWorkspace } from '../packed/deno-workspace.ts'
import { runCommand } from '../packed/run-command.ts'
import { isThere, runtimes } from '../suite/runtimes.ts'
import { makeProject, startEmulator, uploaded } from './consumer.ts'

const [node22, bun, deno] = (['node22', 'bun', 'deno'] as const).map((wanted) =>
  runtimes.find(({ name }) => name === wanted)!,
)

describe('a program', () => {
  test('of modules runs on Node', async () => {
    const { baseUrl, token } = await startEmulator()
    const printed = await runCommand(await makeProject(), process.execPath, 'modules.js', baseUrl, token)
    expect(JSON.parse(printed)).toEqual(uploaded)
  })

  test.skipIf(!isThere(node22!))(
    'that calls require() runs on the oldest Node, and is warned of nothing',
    async () => {
      const printed = await runCommand(
        await makeProject(),
        node22!.executable,
        '--throw-deprecation',
        'require.cjs',
      )
      expect(printed).toBe('finished function function\n')
    },
  )

  test.skipIf(!isThere(bun!))('runs on Bun', async () => {
    const { baseUrl, token } = await startEmulator()
    const printed = await runCommand(
      await makeProject(),
      bun!.executable,
      'run',
      'modules.js',
      baseUrl,
      token,
    )
    expect(JSON.parse(printed)).toEqual(uploaded)
  })

  test.skipIf(!isThere(deno!))('is type-checked and runs on Deno, from npm', async () => {
    const { baseUrl, token } = await startEmulator()
    const project = await makeProject()
    const printed = await runCommand(
      project,
      deno!.executable,
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

  test.skipIf(!isThere(deno!))(
    'is type-checked and runs on Deno, from the sources that JSR hands out',
    async () => {
      const { baseUrl, token } = await startEmulator()
      const workspace = await makeDenoWorkspace(inject('packed').copy)
      await cp(join(import.meta.dirname, 'projects/deno-jsr.ts'), join(workspace, 'consumer/deno-jsr.ts'))
      const printed = await runCommand(
        workspace,
        deno!.executable,
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
