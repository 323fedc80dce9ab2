import { createEmulator } from '@devicebatch/emulator'
import type { EmulatorQuirks } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { createCaller, customerId, laptop, requestToken } from '../caller.ts'

const batches = `/v1/customers/${customerId}/deviceBatches`
const startTime = '2030-01-01T00:00:00Z'

/** The responses to a hundred calls. */
async function hundredCalls(
  quirks: EmulatorQuirks,
  grant?: 'client_credentials',
  seed = 1,
): Promise<Response[]> {
  const emulator = createEmulator({ timeScale: 0, startTime, seed, quirks })
  const caller = await createCaller(emulator.fetch, grant)
  const answers: Response[] = []
  for (let call = 0; call < 100; call += 1) answers.push(await caller.get(batches))
  return answers
}

const statuses = (answers: readonly Response[]) => answers.map(({ status }) => status)

test('throttled calls get 429, never two in a row, the same ones with the same seed', async () => {
  const answers = await hundredCalls({ throttledCalls: 0.4 })
  const throttled = answers.filter(({ status }) => status === 429)
  expect(throttled.length).toBeGreaterThan(10)
  expect(throttled.length).toBeLessThan(45)
  expect(statuses(answers).join()).not.toContain('429,429')
  expect(throttled.map(({ headers }) => headers.get('Retry-After'))).toEqual(throttled.map(() => '2'))
  expect(await throttled[0]?.json()).toMatchObject({ statusCode: 429 })
  expect(statuses(await hundredCalls({ throttledCalls: 0.4 }))).toEqual(statuses(answers))
  expect(statuses(await hundredCalls({ throttledCalls: 0.4 }, undefined, 2))).not.toEqual(statuses(answers))
})

test('a mixed Retry-After takes every form', async () => {
  const answers: Response[] = []
  for (const seed of [1, 2, 3])
    answers.push(...(await hundredCalls({ throttledCalls: 0.6, retryAfter: 'mixed' }, undefined, seed)))
  const throttled = answers.filter(({ status }) => status === 429)
  expect(new Set(throttled.map(({ headers }) => headers.get('Retry-After')))).toEqual(
    new Set([
      '2',
      'Tue, 01 Jan 2030 00:00:02 GMT',
      'Tuesday, 01-Jan-30 00:00:02 GMT',
      'Tue Jan  1 00:00:02 2030',
      '2, 1',
      'soon',
      null,
    ]),
  )
})

test("calls with a user's token are refused for lack of MFA, and app-only calls are not", async () => {
  const user = await hundredCalls({ mfaRefusals: 0.3 })
  const refused = user.filter(({ status }) => status === 401)
  expect(refused.length).toBeGreaterThan(10)
  expect(refused.length).toBeLessThan(50)
  expect(await refused[0]?.json()).toMatchObject({ code: 900421 })
  expect(new Set(statuses(await hundredCalls({ mfaRefusals: 0.3 }, 'client_credentials')))).toEqual(
    new Set([200]),
  )
})

test('a token without MFA is reported when the call asks for it, and the call is processed', async () => {
  const emulator = createEmulator({ timeScale: 0, quirks: { isMfaCompliant: false } })
  const caller = await createCaller(emulator.fetch)
  const asked = await caller.get(batches, { ValidateMfa: 'true' })
  expect([asked.status, asked.headers.get('isMfaCompliant')]).toEqual([200, 'false'])
  expect((await caller.get(batches)).headers.get('isMfaCompliant')).toBeNull()
})

test('a busy token endpoint responds with 503 or 429 and an Entra ID error, never twice in a row', async () => {
  const emulator = createEmulator({ timeScale: 0, quirks: { busyTokenEndpoint: 0.5 } })
  const answers: Response[] = []
  for (let call = 0; call < 60; call += 1) answers.push(await requestToken(emulator.fetch, {}))
  const busy = answers.filter(({ status }) => status !== 200)
  expect(new Set(statuses(busy))).toEqual(new Set([503, 429]))
  expect(await busy[0]?.json()).toMatchObject({ error: 'temporarily_unavailable' })
  expect(statuses(answers).join()).not.toMatch(/(?:503|429),(?:503|429)/)
})

test("a slow token endpoint is slow by the emulator's clock", async () => {
  const emulator = createEmulator({ timeScale: 0, quirks: { tokenDelayMs: 8_000 } })
  const before = emulator.clock.now()
  const answer = requestToken(emulator.fetch, {})
  await new Promise((resolve) => setTimeout(resolve))
  await emulator.clock.runUntil('idle')
  expect((await answer).status).toBe(200)
  expect(emulator.clock.now() - before).toBe(8_000)
})

test('faults that a test adds take precedence over the quirks', async () => {
  const emulator = createEmulator({ timeScale: 0, quirks: { throttledCalls: 1 } })
  const caller = await createCaller(emulator.fetch)
  emulator.faults.add({ effect: { kind: 'answer', status: 503 } })
  expect((await caller.get(batches)).status).toBe(503)
})

test('after a restore, the quirks make the same choices as after the snapshot', async () => {
  const emulator = createEmulator({ timeScale: 0, startTime, quirks: { throttledCalls: 0.4 } })
  const caller = await createCaller(emulator.fetch)
  await caller.upload([laptop('A')])
  for (let call = 0; call < 5; call += 1) await caller.get(batches)
  const snapshot = emulator.snapshot()
  const next = async () => {
    const answers: Response[] = []
    for (let call = 0; call < 30; call += 1) answers.push(await caller.get(batches))
    return statuses(answers)
  }
  const first = await next()
  emulator.restore(snapshot)
  expect(await next()).toEqual(first)
})
