import { createEmulator } from '@devicebatch/emulator'
import type { EmulatorOptions } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { createCaller, customerId, laptop } from '../caller.ts'

function emulate(options: EmulatorOptions = {}) {
  const emulator = createEmulator({ startTime: '2030-01-01T00:00:00Z', timeScale: 0, ...options })
  const control = async (method: string, path: string, body?: unknown, headers = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const init = { method, headers, ...(text !== undefined && { body: text }) }
    const answer = await emulator.fetch(`http://127.0.0.1:7810/_emulator${path}`, init)
    return answer
  }
  return { emulator, control }
}

test('the clock is read and advanced over HTTP', async () => {
  const { emulator, control } = emulate()
  const caller = await createCaller(emulator.fetch)
  expect(await (await control('GET', '/clock')).json()).toEqual({
    now: Date.parse('2030-01-01T00:00:00Z'),
    time: '2030-01-01T00:00:00.000Z',
    timeScale: 0,
  })
  const advanced = await control('POST', '/clock', { advanceMs: 1_500 })
  expect(await advanced.json()).toMatchObject({ time: '2030-01-01T00:00:01.500Z' })
  const path = await caller.upload([laptop('A')])
  await control('POST', '/clock', { runUntil: 'idle' })
  expect((await caller.status(path)).status).toBe('finished')
})

test('faults are added, read and cleared over HTTP', async () => {
  const { emulator, control } = emulate()
  const effect = { kind: 'answer', status: 503 }
  await control('POST', '/faults', { operation: 'getToken', times: 'always', effect })
  expect(await (await control('GET', '/faults')).json()).toMatchObject([
    { fault: { operation: 'getToken', effect }, skip: 0, times: 'always' },
  ])
  const token = () => emulator.fetch('https://emulator.test/contoso/oauth2/v2.0/token', { method: 'POST' })
  expect([(await token()).status, (await token()).status]).toEqual([503, 503])
  await control('DELETE', '/faults')
  expect((await token()).status).toBe(400)
})

test('requests are read and cleared over HTTP, excluding those that control the emulator', async () => {
  const { emulator, control } = emulate()
  await createCaller(emulator.fetch)
  const requests: { operation: string; status: number }[] = await (await control('GET', '/requests')).json()
  expect(requests).toMatchObject([{ operation: 'getToken', status: 200 }])
  await control('DELETE', '/requests')
  expect(emulator.requests).toHaveLength(0)
})

test('the emulator is seeded, saved, restored and reset over HTTP', async () => {
  const { emulator, control } = emulate()
  const batch = { customerId, batchId: 'B', devices: [{ serialNumber: 'A' }] }
  expect((await control('POST', '/seed', { batches: [batch] })).status).toBe(200)
  const snapshot = await (await control('GET', '/snapshot')).text()
  await control('POST', '/reset')
  expect(JSON.stringify(emulator.snapshot())).not.toContain(customerId)
  expect((await control('PUT', '/snapshot', snapshot)).status).toBe(200)
  expect(JSON.stringify(emulator.snapshot())).toBe(snapshot)
})

test.for([
  ['POST', '/clock', {}, 'either "advanceMs" or "runUntil"'],
  ['POST', '/clock', { advanceMs: 1, runUntil: 'idle' }, 'either "advanceMs" or "runUntil"'],
  ['POST', '/clock', { advanceMs: -1 }, '"milliseconds"'],
  ['POST', '/clock', { advanceMs: 'long' }, '"milliseconds"'],
  ['POST', '/clock', { runUntil: 'later' }, '"goal"'],
  ['POST', '/clock', '{', 'must be a JSON object'],
  ['POST', '/clock', [], 'must be a JSON object'],
  ['POST', '/faults', {}, '"effect"'],
  ['POST', '/seed', { uploads: [{ customerId: 'x' }] }, '"customerId"'],
  [
    'POST',
    '/seed',
    { batches: [{ customerId, batchId: 'B', devices: [{ id: 5 }] }] },
    '"id" must be a non-empty string',
  ],
  ['POST', '/seed', { uploads: 5 }, '"uploads" must be an array of objects, got 5.'],
  ['POST', '/seed', { batches: [null] }, '"batches" must contain only objects, got null.'],
  ['POST', '/seed', { customers: ['Contoso'] }, '"customers" must contain only objects, got "Contoso".'],
  [
    'POST',
    '/seed',
    { upload: [] },
    '"upload" is not a part of a seed; the known names are registeredDevices, customers,',
  ],
  [
    'POST',
    '/seed',
    { batches: [{ customerId, batchId: 'B', devices: { serialNumber: 'A1' } }] },
    '"devices" must be an array of objects, got {"serialNumber":"A1"}.',
  ],
  [
    'POST',
    '/seed',
    { policies: [{ customerId, name: 'P', policySettings: 'skip_eula' }] },
    '"policySettings" must be an array of words, got "skip_eula".',
  ],
  ['PUT', '/snapshot', {}, '"snapshot"'],
] as const)('%s %s with %j gets 400 and a reason', async ([method, path, body, error]) => {
  const { control } = emulate()
  const answer = await control(method, path, body)
  expect(answer.status).toBe(400)
  expect(await answer.json()).toEqual({ error: expect.stringContaining(error) })
})

test('an unknown endpoint gets a 404', async () => {
  const { control } = emulate()
  for (const [method, path] of [
    ['GET', '/nothing'],
    ['PATCH', '/clock'],
  ] as const) {
    const answer = await control(method, path)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toEqual({ error: expect.stringContaining(path) })
  }
})

test('faults do not affect calls that control the emulator', async () => {
  const { emulator, control } = emulate()
  emulator.faults.add({ times: Infinity, effect: { kind: 'answer', status: 500 } })
  expect((await control('GET', '/clock')).status).toBe(200)
})

test('the page shows customers, uploads, policies, faults and requests, escaped', async () => {
  const { emulator, control } = emulate()
  const caller = await createCaller(emulator.fetch)
  const evil = '<script>alert("1")</script>'
  await caller.upload([laptop(evil)], evil)
  await caller.post(`/v1/customers/${customerId}/policies`, { name: `${evil}&`, policySettings: [] })
  await emulator.fetch(`https://emulator.test/v1/${evil}`)
  emulator.faults.add({ effect: { kind: 'answer', status: 503, body: evil } })
  const answer = await control('GET', '')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('Content-Type')).toBe('text/html; charset=utf-8')
  const page = await answer.text()
  expect(page).not.toContain('<script')
  expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;')
  for (const shown of [
    customerId,
    'queued',
    '47021739-3426-40bf-9601-61b4b6d7c793',
    'Windows 10 Enterprise E3',
  ]) {
    expect(page).toContain(shown)
  }
})

test('the page counts the devices of an upload by outcome', async () => {
  const { emulator, control } = emulate({ quirks: { batchStatusTellsErrors: true } })
  const caller = await createCaller(emulator.fetch)
  await caller.upload(['EMU808-1', 'EMU808-2', '5CG2144'].map(laptop), 'Spring laptops')
  expect(await (await control('GET', '')).text()).toContain('<td>3 queued</td>')
  await emulator.clock.runUntil('idle')
  const page = await (await control('GET', '')).text()
  expect(page).toContain('<td>2 finished_with_errors (808), 1 finished</td>')
  expect(page).toContain('<td>finished_with_errors</td>')
})

test('the page may not run scripts or be framed, and its style uses a nonce', async () => {
  const { control } = emulate()
  const answer = await control('GET', '/')
  const policy = answer.headers.get('Content-Security-Policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  const [, nonce] = /style-src 'nonce-([^']+)'/.exec(policy) ?? []
  expect(await answer.text()).toContain(`<style nonce="${nonce}">`)
  expect(policy).not.toContain('unsafe')
})

test('the buttons of the page advance the clock and return to the page', async () => {
  const { emulator, control } = emulate()
  const form = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'http://127.0.0.1:7810' }
  const advanced = await control('POST', '/clock', 'advanceMs=60000', form)
  expect([advanced.status, advanced.headers.get('Location')]).toEqual([303, '/_emulator'])
  expect(new Date(emulator.clock.now()).toISOString()).toBe('2030-01-01T00:01:00.000Z')
  expect((await control('POST', '/clock', 'runUntil=idle', form)).status).toBe(303)
  expect((await control('POST', '/reset', 'reset=yes', form)).status).toBe(303)
  expect(new Date(emulator.clock.now()).toISOString()).toBe('2030-01-01T00:00:00.000Z')
})

test('a page of another origin cannot control the emulator unless cors is on', async () => {
  const headers = { Origin: 'https://example.com' }
  const closed = emulate()
  expect((await closed.control('POST', '/clock', { advanceMs: 5 }, headers)).status).toBe(403)
  expect(closed.emulator.clock.now()).toBe(Date.parse('2030-01-01T00:00:00Z'))

  const open = emulate({ cors: true })
  const answer = await open.control('POST', '/clock', { advanceMs: 5 }, headers)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*')
})
