/** What `--verbose` and `--record` write about the requests of a command. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { emulatorCredentials } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { fixed, makeFolder, run, startEmulator } from '../command.ts'

const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'
const batchTrackingId = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'

test('--verbose writes a line for each request to standard error, and nothing to standard output', async () => {
  const { url } = await startEmulator()
  const args = ['status', batchTrackingId, '--customer', customerId, '--emulator', url]
  const [quiet, verbose] = [await run(args), await run([...args, '--verbose'])]
  expect(verbose.stdout).toBe(quiet.stdout)
  expect(quiet.stderr).toBe('')
  expect(verbose.stderr).toMatch(
    /^GET \/customers\/\{customerId\}\/batchJobStatus\/\{batchTrackingId\} 200 in \d+ ms \(attempt 1, request [\da-f-]{36}\)$/m,
  )
  expect(verbose.stderr).not.toContain(customerId)
})

test('--record appends each request with its response, including the sign-in, without secrets and device data', async () => {
  const { url } = await startEmulator({ quirks: fixed.statusValues })
  const folder = await makeFolder()
  const file = join(folder.path, 'support.jsonl')
  const args = ['status', batchTrackingId, '--customer', customerId, '--emulator', url, '--record', file]
  await run(args)
  const text = await readFile(file, 'utf8')
  const calls = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { url: string; response: { status: number; body: unknown } })
  const status = calls.find((call) => call.url.endsWith(`/batchJobStatus/${batchTrackingId}`))
  expect(status?.response).toMatchObject({ status: 200, body: { batchTrackingId, status: 'finished' } })
  expect(calls.map((call) => new URL(call.url).pathname).join()).toContain('/oauth2/v2.0/token')
  const { clientSecret, refreshToken } = emulatorCredentials
  for (const hidden of [clientSecret, refreshToken, '1234567890', 'Fabrikam'])
    expect(text).not.toContain(hidden)
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600)

  await run(args)
  expect((await readFile(file, 'utf8')).startsWith(text)).toBe(true)
})

test('--record to a file that cannot be written is refused before any request', async () => {
  const { url, emulator } = await startEmulator()
  const folder = await makeFolder()
  const file = join(folder.path, 'missing', 'support.jsonl')
  const args = ['status', batchTrackingId, '--customer', customerId, '--emulator', url, '--record', file]
  const { code, stderr } = await run(args)
  expect(code).toBe(2)
  expect(stderr).toBe(
    `devicebatch: The file ${file} of --record cannot be written: there is no such file or folder. Check the path.\n`,
  )
  expect(emulator.requests).toEqual([])
})
