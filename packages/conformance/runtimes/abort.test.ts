/** An abort ends everything at once, with the reason that the caller gave. */
import type { PartnerCenter } from '@devicebatch/client'
import type { EmulatorOperation, FaultEffect } from '@devicebatch/emulator'
import { describe, expect, test } from 'vitest'

import { customerId, device, trackingId } from '../shared/samples.ts'
import type { Emulator } from './lab.ts'
import { partnerOf, pause, rejection, startEmulator, until } from './lab.ts'

type Call = (partner: PartnerCenter, signal: AbortSignal) => Promise<unknown>

const calls: Record<string, Call> = {
  'get()': (partner, signal) =>
    partner.customers.byId(customerId).batchUploadStatus.byId(trackingId).get({ signal }),
  'wait()': (partner, signal) =>
    partner.customers.byId(customerId).batchUploadStatus.byId(trackingId).wait({ signal }),
  'create()': (partner, signal) =>
    partner.customers
      .byId(customerId)
      .deviceBatches.create({ batchId: 'Front desk', devices: [device('A-1')] }, { signal }),
  'toArray()': (partner, signal) =>
    partner.customers.byId(customerId).deviceBatches.list({ signal }).toArray(),
}

/** What the call is stuck in when the signal comes; the emulator's time stands still, so nothing else ends it. */
const moments: Record<string, { operation?: EmulatorOperation; effect: FaultEffect; seen?: number }> = {
  'while a token is asked for': { operation: 'getToken', effect: { kind: 'delay', delayMs: 1 } },
  'while the service does not answer': { effect: { kind: 'delay', delayMs: 1 } },
  'in the wait before another attempt': { effect: { kind: 'answer', status: 503 } },
}

describe.each(Object.entries(calls))('%s', (_, call) => {
  test('with a signal that is already aborted sends nothing', async () => {
    const emulator = await startEmulator()
    expect(await rejection(call(partnerOf(emulator), AbortSignal.abort('no need')))).toBe('no need')
    expect(await emulator.requests()).toEqual([])
    expect(await emulator.requests('getToken')).toEqual([])
  })

  test.each(Object.entries(moments))('ends %s', async (_, { operation, effect }) => {
    const emulator = await startEmulator()
    await emulator.fail({
      operation: operation ?? undefined,
      skip: operation ? 0 : 1,
      effect,
      times: 'always',
    })
    const controller = new AbortController()
    const partner = partnerOf(emulator, { retry: { baseDelayMs: 60_000, maxDelayMs: 60_000 } })
    const ended = rejection(call(partner, controller.signal))
    const sent = async (): Promise<number> => (await emulator.requests(operation)).length
    await until(async () => (await sent()) === 1)
    // The response must arrive before the wait is aborted.
    if (effect.kind === 'answer') await pause(50)
    const reason = new Error('enough')
    controller.abort(reason)
    expect(await ended).toBe(reason)
    await pause(50)
    expect(await sent()).toBe(1)
  })
})

test.each([null, 0, '', false])('with the reason %j rejects with exactly that value', async (reason) => {
  const emulator = await startEmulator()
  const effect: FaultEffect = { kind: 'delay', delayMs: 1 }
  await emulator.fail({ operation: 'getBatchUploadStatus', effect, times: 'always' })
  for (const call of [calls['get()']!, calls['wait()']!]) {
    const controller = new AbortController()
    const before = (await emulator.requests()).length
    const ended = rejection(call(partnerOf(emulator), controller.signal))
    await until(async () => (await emulator.requests()).length > before)
    controller.abort(reason)
    expect(await ended).toBe(reason)
  }
})

test('a controller instead of its signal is refused before any request', async () => {
  const emulator = await startEmulator()
  const signal = new AbortController() as unknown as AbortSignal
  const error = await rejection(calls['get()']!(partnerOf(emulator), signal))
  expect(error).toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining('Pass `controller.signal`'),
  })
  expect(await emulator.requests()).toEqual([])
})

test('an upload whose body stalls has reported its Location when an abort ends it', async () => {
  const emulator = await startEmulator()
  const Location = `/customers/${customerId}/batchJobStatus/${trackingId}`
  const body = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) })
  const fetch = async (): Promise<Response> => new Response(body, { status: 202, headers: { Location } })
  const controller = new AbortController()
  let known = ''
  const { deviceBatches } = partnerOf(emulator, { fetch }).customers.byId(customerId)
  const ended = rejection(
    deviceBatches.create(
      { batchId: 'Front desk', devices: [device('A-1')] },
      {
        signal: controller.signal,
        onAccepted(location) {
          known = location
          setTimeout(() => controller.abort('enough'), 20)
        },
      },
    ),
  )
  expect(await ended).toBe('enough')
  expect(known).toBe(Location)
})

test('a slow body is not waited for', async () => {
  const emulator = await startEmulator()
  await emulator.fail({ operation: 'getBatchUploadStatus', effect: { kind: 'slow', bytesPerSecond: 20 } })
  const controller = new AbortController()
  const ended = rejection(calls['get()']!(partnerOf(emulator), controller.signal))
  await until(async () => (await emulator.requests())[0]?.status === 200)
  await pause(150)
  controller.abort('enough')
  expect(await ended).toBe('enough')
})

test('the wait between two polls ends', async () => {
  const emulator: Emulator = await startEmulator()
  const { deviceBatches } = partnerOf(emulator).customers.byId(customerId)
  const upload = await deviceBatches.create({ batchId: 'Front desk', devices: [device('A-1')] })
  const controller = new AbortController()
  const ended = rejection(upload.wait({ initialIntervalMs: 600_000, signal: controller.signal }))
  await pause(20)
  controller.abort('enough')
  expect(await ended).toBe('enough')
})

test('AbortSignal.timeout rejects with its own reason', async () => {
  const emulator = await startEmulator()
  await emulator.fail({ operation: 'getBatchUploadStatus', effect: { kind: 'delay', delayMs: 1 } })
  const signal = AbortSignal.timeout(200)
  const error = await rejection(calls['get()']!(partnerOf(emulator), signal))
  expect(error).toBe(signal.reason)
  expect(error).toMatchObject({ name: 'TimeoutError' })
})

test('a caller that aborts does not cancel the token request of the others', async () => {
  const emulator = await startEmulator()
  await emulator.fail({ operation: 'getToken', effect: { kind: 'delay', delayMs: 300 } })
  const partner = partnerOf(emulator)
  const controller = new AbortController()
  const ended = rejection(calls['get()']!(partner, controller.signal))
  const other = calls['get()']!(partner, new AbortController().signal)
  await until(async () => (await emulator.requests('getToken')).length === 1)
  controller.abort('enough')
  expect(await ended).toBe('enough')
  await emulator.advance(300)
  expect(await other).toMatchObject({ status: 'finished' })
  expect(await emulator.requests('getToken')).toHaveLength(1)
})
