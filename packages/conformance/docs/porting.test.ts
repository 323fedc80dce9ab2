/** Runs the program of docs/porting-from-dotnet.md against the emulator: it makes every call of the API. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { appUser } from '@devicebatch/client/credentials'
import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { expect, test, vi } from 'vitest'

import { root } from '../shared/run-command.ts'

test('the ported program makes every call of the API, and none fails', async () => {
  const emulator = createEmulator({ queuedMs: 1, processingMs: 1 })
  await using server = await serve({ emulator })
  process.env.DEVICEBATCH_BASE_URL = server.baseUrl
  const credential = appUser({ ...emulatorCredentials, onRefreshToken: () => {}, authorityHost: server.url })
  const access = await credential.getToken('https://api.partnercenter.microsoft.com/.default')
  process.env.DEVICEBATCH_TOKEN = access!.token
  const log = vi.spyOn(console, 'log').mockReturnValue()

  await loadProgram()

  const { paths } = JSON.parse(readFileSync(join(root, 'packages/contract/openapi.json'), 'utf8'))
  const operations = Object.values<Record<string, { operationId?: string }>>(paths)
    .flatMap((item) => Object.values(item).map(({ operationId }) => operationId))
    .filter((id) => id !== undefined)
  const called = new Set(emulator.requests.map(({ operation }) => operation))
  expect(operations.length).toBeGreaterThan(0)
  const missing = operations.filter((operation) => !called.has(operation as never))
  expect(missing, 'the last program of docs/porting-from-dotnet.md calls every operation').toEqual([])
  expect(emulator.requests.filter(({ status }) => status! >= 400)).toEqual([])
  expect(log.mock.calls.slice(0, 2)).toEqual([
    ['fabrikam.onmicrosoft.com', expect.stringContaining('ResellerRelationship')],
    ['succeeded', [], 'finished'],
  ])
})

/** The last of the document's TypeScript blocks, as a module of its own. */
async function loadProgram(): Promise<void> {
  const directory = join(import.meta.dirname, '../.results')
  const file = join(directory, 'porting-from-dotnet.ts')
  const blocks = [
    ...readFileSync(join(root, 'docs/porting-from-dotnet.md'), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g),
  ]
  mkdirSync(directory, { recursive: true })
  writeFileSync(file, blocks.at(-1)![1]!)
  await import(file)
}
