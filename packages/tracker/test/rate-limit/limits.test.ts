/** The request rate, as the service sees it. */
import { randomUUID } from 'node:crypto'

import { createPartnerCenter } from '@devicebatch/client'
import { expect, test } from 'vitest'

import type { Tracker } from '../../src/index.ts'
import {
  devices,
  eventsUntil,
  fastEmulator,
  freshDatabase,
  isServer,
  partnerOf,
  trackerOn,
  until,
} from '../helpers.ts'

interface Sent {
  customerId: string
  at: number
  status: number
}

/** A fetch that records when each request was sent, by the real clock. */
function recordingFetch(fetch: typeof globalThis.fetch, sent: Sent[]): typeof globalThis.fetch {
  return async (input, init) => {
    const customerId = /customers\/([\da-f-]+)/.exec(urlOf(input))?.[1]
    const entry = { customerId: customerId ?? '', at: performance.now(), status: 0 }
    if (customerId) sent.push(entry)
    const response = await fetch(input, init)
    entry.status = response.status
    return response
  }
}

function urlOf(input: RequestInfo | URL): string {
  return input instanceof Request ? input.url : input.toString()
}

/** The most requests in any `windowMs`. */
function most(sent: readonly Sent[], windowMs: number): number {
  const times = sent.map(({ at }) => at).toSorted((one, other) => one - other)
  return Math.max(...times.map((start) => times.filter((at) => at >= start && at < start + windowMs).length))
}

/** Requests are evenly spaced and up to two seconds late, so that no minute exceeds the limit. */
function allowed(perMinute: number, windowMs: number): number {
  return Math.ceil(((windowMs + 2_000) / 62_000) * perMinute)
}

test('the limits apply across all workers, and a customer with many batches does not delay a customer with one', async () => {
  const emulator = fastEmulator()
  const partner = createPartnerCenter(partnerOf(emulator.fetch))
  const [large, small] = [randomUUID(), randomUUID()]
  const create = (customerId: string, batchId: string) =>
    partner.customers.byId(customerId).deviceBatches.create({ batchId, devices: devices(batchId) })
  const uploads = await Promise.all(Array.from({ length: 100 }, (_, index) => create(large, `L${index}`)))

  const sent: Sent[] = []
  const database = await freshDatabase()
  // In a second: 10 for a customer, 15 for all.
  const rateLimits = { customerPerMinute: 600, partnerPerMinute: 900 }
  const start = async (): Promise<Tracker> => {
    const tracker = trackerOn(database, { fetch: recordingFetch(emulator.fetch, sent) }, { rateLimits })
    await tracker.start()
    return tracker
  }
  const tracker = await start()
  if (isServer) await start()
  for (const upload of uploads) await tracker.track(upload)
  await until(() => sent.length > 5)
  const single = await create(small, 'S1')
  emulator.clock.advance(60_000)
  const ofLarge = () => sent.filter(({ customerId }) => customerId === large)
  const before = ofLarge().length
  await tracker.track(single)
  await until(async () => (await tracker.getUpload(single.batchTrackingId))?.state === 'ended')
  const overtaken = ofLarge().length - before
  await until(() => sent.length > 60)
  await tracker.close()

  for (const windowMs of [500, 1_000, 3_000]) {
    expect(most(ofLarge(), windowMs)).toBeLessThanOrEqual(allowed(600, windowMs))
    expect(most(sent, windowMs)).toBeLessThanOrEqual(allowed(900, windowMs))
  }
  // One round of the large customer alone takes a hundred requests.
  expect(overtaken).toBeLessThan(50)
})

test('customers take turns: one with a single upload does not wait for all uploads of the others', async () => {
  const emulator = fastEmulator()
  const database = await freshDatabase()
  const tracker = trackerOn(database, emulator, { concurrency: 1 })
  const customers = Array.from({ length: 24 }, () => randomUUID())
  for (const customerId of customers)
    for (const name of ['A', 'B', 'C'])
      await tracker.submit({ customerId, batchId: name, devices: devices(`${customerId} ${name}`) })
  const { submissionId } = await tracker.submit({
    customerId: randomUUID(),
    batchId: 'A',
    devices: devices('Single'),
  })
  await tracker.start()
  const events = await eventsUntil(tracker, 'submission.accepted', { count: 73 })
  const accepted = events.filter(({ type }) => type === 'submission.accepted')
  // After the first of each other customer.
  expect(accepted.findIndex((event) => event.submissionId === submissionId)).toBe(24)
})

test('uploads count too, and none of their requests is sent early', async () => {
  const emulator = fastEmulator()
  const sent: Sent[] = []
  const tracker = trackerOn(
    await freshDatabase(),
    { fetch: recordingFetch(emulator.fetch, sent) },
    { rateLimits: { customerPerMinute: 240 } },
  )
  await tracker.start()
  const customerId = randomUUID()
  await tracker.submit({
    customerId,
    batchId: 'Chunks',
    chunkSize: 1,
    devices: devices('U1', 'U2', 'U3', 'U4'),
  })
  await eventsUntil(tracker, 'submission.accepted')
  expect(sent.length).toBeGreaterThanOrEqual(5)
  for (const windowMs of [500, 1_000])
    expect(most(sent, windowMs)).toBeLessThanOrEqual(allowed(240, windowMs))
})

test('a Retry-After pauses its customer, and the whole partner when a second customer gets one', async () => {
  const emulator = fastEmulator()
  const partner = createPartnerCenter(partnerOf(emulator.fetch))
  const customers = [randomUUID(), randomUUID(), randomUUID()]
  const uploads = await Promise.all(
    customers.flatMap((customerId, index) =>
      ['one', 'other'].map((name) =>
        partner.customers
          .byId(customerId)
          .deviceBatches.create({ batchId: `${name} ${index}`, devices: devices(`${name}${index}`) }),
      ),
    ),
  )
  const of = (index: number) => uploads.slice(2 * index, 2 * index + 2)
  const sent: Sent[] = []
  const throttled = new Set<string>([customers[0]!])
  let pauseSeconds = '60'
  const answering = recordingFetch(async (input, init) => {
    const [customerId] = customers.filter((id) => urlOf(input).includes(id) && throttled.delete(id))
    return customerId
      ? new Response(null, { status: 429, headers: { 'Retry-After': pauseSeconds } })
      : await emulator.fetch(input, init)
  }, sent)
  const tracker = trackerOn(await freshDatabase(), { fetch: answering })
  await tracker.start()
  const sentFor = (index: number) => sent.filter(({ customerId }) => customerId === customers[index])

  await tracker.track(of(0)[0]!)
  await until(() => sentFor(0).some(({ status }) => status === 429))
  await tracker.track(of(0)[1]!)
  await tracker.track(of(1)[0]!)
  await until(() => sentFor(1).some(({ status }) => status === 200))

  pauseSeconds = '3'
  throttled.add(customers[1]!)
  await tracker.track(of(1)[1]!)
  await until(() => sentFor(1).some(({ status }) => status === 429))
  await tracker.track(of(2)[0]!)
  await until(() => sentFor(2).length > 0)
  const pausedAt = sentFor(1).find(({ status }) => status === 429)!.at
  expect(sentFor(2)[0]!.at - pausedAt).toBeGreaterThan(2_900)
  expect(sentFor(0)).toHaveLength(1)
})

test.each([
  ['attemptTimeoutMs', { attemptTimeoutMs: 200 }],
  ['timeoutMs', { timeoutMs: 200 }],
])('%s of the partner ends a request that hangs, and the error says so', async (name, timeouts) => {
  const hangs: typeof fetch = (_, init) =>
    new Promise((_, reject) => init!.signal!.addEventListener('abort', () => reject(init!.signal!.reason)))
  const tracker = trackerOn(
    await freshDatabase(),
    { fetch: hangs },
    { partner: { ...partnerOf(hangs), credential: () => 'token', ...timeouts }, poll: { maxFailures: 1 } },
  )
  await tracker.start()
  await tracker.track({ customerId: randomUUID(), batchTrackingId: randomUUID() })
  const event = (await eventsUntil(tracker, 'upload.failing')).at(-1)!
  expect(event).toMatchObject({
    type: 'upload.failing',
    data: {
      error: {
        name: 'TimeoutError',
        code: 'timeout',
        message: expect.stringContaining(`\`${name}\` (200 ms)`),
      },
    },
  })
})
