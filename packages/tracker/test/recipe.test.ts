/** The documented recipe with several workers, each in its own process. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { emulatorCredentials } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { expect, onTestFinished, test } from 'vitest'

import { emulatorEnvironment } from '../../emulator/test/environment.ts'
import { devices, fastEmulator, freshDatabase, isServer, trackerOn, until } from './helpers.ts'

const customerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'

test.runIf(isServer)('two workers run the recipe, and each exits on request', async () => {
  const document = readFileSync(join(import.meta.dirname, '../../../docs/recipes/tracker.md'), 'utf8')
  const program = join(import.meta.dirname, '../.results/recipe.ts')
  mkdirSync(join(program, '..'), { recursive: true })
  writeFileSync(program, /```ts tracker\n([\s\S]*?)```/.exec(document)![1]!)

  const emulator = fastEmulator()
  await using server = await serve({ emulator })
  const database = (await freshDatabase()) as string
  const { refreshToken } = emulatorCredentials
  const tokenFile = join(import.meta.dirname, '../.results/recipe-refresh-token')
  writeFileSync(tokenFile, `${refreshToken}\n`)
  const environment = {
    ...process.env,
    DEVICEBATCH_DATABASE_URL: database,
    ...emulatorEnvironment(server),
    DEVICEBATCH_REFRESH_TOKEN_FILE: tokenFile,
  }
  const output = ['', '']
  const workers = output.map((_, index): ChildProcess => {
    const worker = spawn(process.execPath, [program], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    worker.stdout?.on('data', (chunk) => (output[index] += String(chunk)))
    onTestFinished(() => void worker.kill('SIGKILL'))
    return worker
  })
  await until(() => output.every((text) => text.includes('has started.')))
  await trackerOn(database, emulator).submit({
    customerId,
    batchId: 'Recipe',
    devices: devices('R1', 'EMU808-R2'),
  })
  await until(() => output.every((text) => text.includes(`${customerId}: EMU808-R2 failed with 808.`)))
  for (const worker of workers) worker.kill('SIGTERM')
  const exits = await Promise.all(workers.map((worker) => once(worker, 'exit')))
  expect(exits).toEqual([
    [0, null],
    [0, null],
  ])
})
