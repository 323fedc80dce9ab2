/** The sample app, started and called on both of its runtimes. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { documentedUpload, emulatorCredentials } from '@devicebatch/emulator'
import type { EmulatorServer } from '@devicebatch/emulator/node'
import { serve } from '@devicebatch/emulator/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { emulatorEnvironment } from '../../../packages/emulator/test/environment.ts'
import type { RunningApp, Start } from './start.ts'
import { startOnDeno, startOnWorkerd } from './start.ts'

const { customerId, batchTrackingId } = documentedUpload
const key = 'a-key-of-the-callers'

test('the whole app has at most 60 lines', async () => {
  const source = await readFile(join(import.meta.dirname, '../src/worker.ts'), 'utf8')
  expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(60)
})

describe.each<[string, Start]>([
  ['Deno', startOnDeno],
  ['workerd', startOnWorkerd('2026-11-01')],
  ['workerd as of 2024-01-01', startOnWorkerd('2024-01-01')],
])('on %s', (_, start) => {
  let emulator: EmulatorServer
  let app: RunningApp
  beforeAll(async () => {
    emulator = await serve()
    app = await start({
      ...emulatorEnvironment(emulator),
      DEVICEBATCH_API_KEY: key,
    })
  })
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]()
    await emulator.close()
  })

  const ask = (path: string, authorization = `Bearer ${key}`): Promise<Response> =>
    fetch(app.url + path, { headers: { Authorization: authorization } })

  test('an upload that has ended is reported device by device, including a failed one', async () => {
    const response = await ask(`/status/${customerId}/${batchTrackingId}`)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      batchTrackingId,
      status: 'finished',
      ended: true,
      devicesStatus: [{ status: 'finished_with_errors', errorCode: '808' }],
    })
  })

  test('one token serves many callers', async () => {
    await Promise.all(Array.from({ length: 10 }, () => ask(`/status/${customerId}/${batchTrackingId}`)))
    expect(emulator.emulator.requests.filter(({ operation }) => operation === 'getToken')).toHaveLength(1)
  })

  test('a request without the key is refused and sends nothing to Partner Center', async () => {
    const before = emulator.emulator.requests.length
    for (const authorization of ['', 'Bearer ', `Bearer ${key}x`]) {
      const response = await ask(`/status/${customerId}/${batchTrackingId}`, authorization)
      expect(response.status).toBe(401)
    }
    expect(emulator.emulator.requests).toHaveLength(before)
  })

  test.each([
    [404, '/', 'Not found.'],
    [404, `/status/${customerId}`, 'Not found.'],
    [400, `/status/${customerId}/latest`, 'batchTrackingId'],
    [404, `/status/${customerId}/${customerId}`, 'returned 404'],
  ])('%i for %s', async (status, path, words) => {
    const response = await ask(path)
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({ error: expect.stringContaining(words) })
  })

  test('502 when the service sends an unexpected response', async () => {
    emulator.emulator.faults.add({
      operation: 'getBatchUploadStatus',
      effect: { kind: 'answer', status: 307, headers: { Location: 'https://example.com' } },
    })
    const response = await ask(`/status/${customerId}/${batchTrackingId}`)
    expect(response.status).toBe(502)
    expect(await response.text()).not.toContain(emulatorCredentials.clientSecret)
  })
})
