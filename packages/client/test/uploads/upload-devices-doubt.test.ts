/** Uncertain devices are not reported as landed, and nothing is sent twice because of how an upload ended. */
import type { BatchUploadGroup, SavedBatchUploadGroup } from '@devicebatch/client'
import {
  ApiError,
  AuthenticationError,
  ConnectionError,
  InvalidArgumentError,
  ResponseError,
  TimeoutError,
  uploadDevices,
} from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'

import type { Answer } from '../helpers.ts'
import {
  batchTrackingId,
  customerId,
  elapse,
  emulated,
  hangs,
  json,
  location,
  moveTime,
  partnerOn,
  rejection,
  settle,
  text,
} from '../helpers.ts'
import { laptop, laptops } from './group.ts'

const lost = { kind: 'cut' } as const
const keep = (group: BatchUploadGroup): SavedBatchUploadGroup => JSON.parse(JSON.stringify(group))

beforeEach(moveTime)
afterEach(() => {
  vi.useRealTimers()
})

test('a callback that aborts and then rejects leaves no unhandled rejection', async () => {
  const unhandled: unknown[] = []
  const collect = (error: unknown): number => unhandled.push(error)
  process.on('unhandledRejection', collect)
  onTestFinished(() => void process.off('unhandledRejection', collect))
  for (const callback of ['onBeforeSubmit', 'onSubmitted']) {
    const controller = new AbortController()
    const { partner } = partnerOn([json(200, []), text(202, null, { Location: location })])
    const upload = uploadDevices(
      partner.customers.byId(customerId),
      {
        batchId: 'B',
        devices: laptops(1),
        [callback]: async () => {
          controller.abort('stop')
          throw new Error('The disk is full.')
        },
      },
      { signal: controller.signal },
    )
    expect(await rejection(upload)).toBe('stop')
    await settle()
  }
  expect(unhandled).toEqual([])
})

describe('an abort with one of our own errors as its reason', () => {
  const reasons = [
    new TimeoutError('The time was up.'),
    new ApiError('The other call returned 404.', { status: 404 }),
    new ConnectionError('The other call got no response.', { isAmbiguous: true }),
    new ResponseError('A redirect.', { status: 302 }),
    new AuthenticationError('No token.'),
    new InvalidArgumentError('Wrong.'),
  ]

  test.each(reasons.map((reason) => [reason.name, reason] as const))(
    'leaves the request in doubt, with its ID: %s',
    async (_, reason) => {
      const { partner, sent } = partnerOn([json(200, []), hangs])
      const controller = new AbortController()
      let kept: BatchUploadGroup | undefined
      const onBeforeSubmit = (group: BatchUploadGroup) => (kept = group)
      const upload = uploadDevices(
        partner.customers.byId(customerId),
        { batchId: 'B', devices: laptops(1), onBeforeSubmit },
        { signal: controller.signal },
      )
      const rejected = rejection(upload)
      await settle()
      controller.abort(reason)
      expect(await rejected).toBe(reason)
      expect(kept!.chunks).toMatchObject([{ requestId: sent[1]!.headers['ms-requestid'] }])

      const again = partnerOn([text(202, null, { Location: location })])
      const group = await uploadDevices(again.partner.customers.byId(customerId), {
        batchId: 'B',
        devices: laptops(1),
        resume: keep(kept!),
      })
      expect(again.sent.map(({ headers }) => headers['ms-requestid'])).toEqual([kept!.chunks[0]!.requestId])
      expect(group.chunks).toMatchObject([{ repeated: true, batchTrackingId }])
    },
  )

  test.each(reasons.map((reason) => [reason.name, reason] as const))(
    'concludes nothing from a failed list of the batch: %s',
    async (_, reason) => {
      const { partner } = partnerOn([json(200, [{ id: 'B' }]), text(202, null), hangs])
      const controller = new AbortController()
      let kept: BatchUploadGroup | undefined
      const upload = uploadDevices(
        partner.customers.byId(customerId),
        { batchId: 'B', devices: laptops(1), onBeforeSubmit: (group) => (kept = group) },
        { signal: controller.signal },
      )
      const rejected = rejection(upload)
      await settle()
      controller.abort(reason)
      expect(await rejected).toBe(reason)
      expect(kept!.chunks).toHaveLength(1)
      expect(kept!.chunks[0]).not.toHaveProperty('settled')
    },
  )
})

describe('a tracking ID that has arrived', () => {
  /** A response with headers, and a body that behaves like `body`. */
  const accepted =
    (status: number, start: (controller: ReadableStreamDefaultController<Uint8Array>) => void): Answer =>
    () =>
      new Response(new ReadableStream({ start }), { status, headers: { Location: location } })

  test.each([200, 201, 202])(
    'is kept when the body of a %i breaks off, and nothing is sent again',
    async (status) => {
      const breaks = accepted(status, (controller) => controller.error(new TypeError('terminated')))
      const { partner, sent } = partnerOn([json(200, []), breaks])
      const told = vi.fn()
      const group = await uploadDevices(partner.customers.byId(customerId), {
        batchId: 'B',
        devices: laptops(1),
        onSubmitted: (_, chunk) => told(chunk.batchTrackingId),
      })
      expect(sent.map(({ method }) => method)).toEqual(['GET', 'POST'])
      expect(group.chunks).toMatchObject([{ batchTrackingId }])
      expect(group.chunks[0]).not.toHaveProperty('repeated')
      expect(told).toHaveBeenCalledExactlyOnceWith(batchTrackingId)
    },
  )

  test.each([200, 201, 202])('is kept and reported when an abort ends the body of a %i', async (status) => {
    const { partner } = partnerOn([json(200, []), accepted(status, () => {})])
    const controller = new AbortController()
    const reason = new TimeoutError('The time was up.')
    const told = vi.fn()
    let kept: BatchUploadGroup | undefined
    const upload = uploadDevices(
      partner.customers.byId(customerId),
      {
        batchId: 'B',
        devices: laptops(2),
        chunkSize: 1,
        onSubmitted(group, chunk) {
          told(chunk.batchTrackingId)
          kept = group
        },
      },
      { signal: controller.signal },
    )
    const rejected = rejection(upload)
    await settle()
    // Before the body has ended, which it may never do.
    expect(told).toHaveBeenCalledExactlyOnceWith(batchTrackingId)
    controller.abort(reason)
    expect(await rejected).toBe(reason)
    expect(told).toHaveBeenCalledOnce()
    expect(keep(kept!).chunks).toMatchObject([{ batchTrackingId }])
  })
})

describe('a device that is found in the batch', () => {
  const placeholder = 'Default string'
  const hashed = (hardwareHash: string, more: object = {}): NewDevice => ({
    ...laptop(placeholder),
    hardwareHash,
    ...more,
  })
  /** Uploads one chunk whose responses are lost, and reconciles it from the list of the batch. */
  async function settleAmong(
    devices: NewDevice[],
    listed: object[],
    batches: object[] = [{ id: 'B', devicesCount: 0 }],
  ) {
    const { partner } = partnerOn((one) => {
      if (one.method === 'POST') throw new TypeError('reset')
      return json(200, { items: one.url.endsWith('devices') ? listed : batches })(one)
    })
    const customer = partner.customers.byId(customerId)
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices }))
    return group.chunks[0]!.settled
  }
  const [landed, didNotLand, cannotTell] = [
    { landed: [0], didNotLand: [], cannotTell: [] },
    { landed: [], didNotLand: [0], cannotTell: [] },
    { landed: [], didNotLand: [], cannotTell: [0] },
  ]

  test.each<[string, NewDevice, object, object]>([
    ['with its serial number, manufacturer and model', laptop('S-0'), laptop('s-0 '), landed],
    ['with its product key', { productKey: 'K-0' }, { productKey: 'k-0' }, landed],
    [
      'with its serial number of another model',
      hashed('AAAA'),
      { ...laptop(placeholder), modelName: 'Tablet 4' },
      didNotLand,
    ],
    [
      'with its serial number of another maker',
      hashed('AAAA'),
      { ...laptop(placeholder), oemManufacturerName: 'Fabrikam' },
      didNotLand,
    ],
    ['with nothing but its serial number', hashed('AAAA'), { serialNumber: placeholder }, cannotTell],
    [
      'and was sent with nothing but its serial number',
      { serialNumber: placeholder, hardwareHash: 'AAAA' },
      laptop(placeholder),
      cannotTell,
    ],
    [
      'with its serial number and another product key',
      hashed('AAAA', { productKey: 'K-0' }),
      { ...laptop(placeholder), productKey: 'K-1' },
      didNotLand,
    ],
  ])('%s', async (_, device, found, settlement) => {
    expect(await settleAmong([device], [{ id: 'a', ...found }])).toEqual(settlement)
  })

  test('may have been there before when the batch had devices, or nobody knows how many', async () => {
    for (const batch of [{ id: 'B', devicesCount: 3 }, { id: 'B' }]) {
      expect(await settleAmong([laptop('S-0')], [{ id: 'a', ...laptop('S-0') }], [batch])).toEqual(cannotTell)
      expect(await settleAmong([laptop('S-0')], [{ id: 'a', ...laptop('S-9') }], [batch])).toEqual(didNotLand)
    }
  })

  test('may be that of an earlier request of the same upload', async () => {
    const { customer, emulator } = emulated()
    emulator.faults.add({ operation: 'addDevicesToBatch', times: 2, effect: lost })
    const devices = [hashed('AAAA'), hashed('BBBB')]
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices, chunkSize: 1 }))
    expect(group.chunks[1]!.settled).toEqual({ landed: [], didNotLand: [], cannotTell: [1] })
    const { outcome, counts } = await elapse(group.wait())
    expect([outcome, counts.unresolved]).toEqual(['unknown', 1])
  })

  test('may come from someone who created the batch in the meantime', async () => {
    const answers: Answer[] = [
      json(200, []),
      json(409, { code: 1 }),
      text(202, null),
      json(200, { items: [{ id: 'a', ...laptop('S-0') }] }),
    ]
    const { partner } = partnerOn(answers)
    const group = await elapse(
      uploadDevices(partner.customers.byId(customerId), { batchId: 'B', devices: laptops(1) }),
    )
    expect(group.chunks).toMatchObject([{ operation: 'append', settled: cannotTell }])
  })
})

describe('an upload that continues while the list does not show its batch yet', () => {
  const accepted: Answer = text(202, null, { Location: location })

  test('adds to the batch that an accepted request created', async () => {
    const devices = laptops(2)
    const controller = new AbortController()
    let resume: SavedBatchUploadGroup | undefined
    const first = partnerOn([json(200, []), accepted])
    const upload = uploadDevices(
      first.partner.customers.byId(customerId),
      {
        batchId: 'B',
        devices,
        chunkSize: 1,
        onSubmitted(group) {
          resume = keep(group)
          controller.abort()
        },
      },
      { signal: controller.signal },
    )
    await rejection(upload)
    const { partner, sent } = partnerOn([json(404, { code: 1000 }), accepted])
    const customer = partner.customers.byId(customerId)
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices, chunkSize: 1, resume }))
    // It is not created a second time, and a 404 means "not yet".
    expect(sent.map(({ method, url }) => `${method} ${url.replace(/.*\/customers\/[^/]+/, '')}`)).toEqual([
      'POST /deviceBatches/B/devices',
      'POST /deviceBatches/B/devices',
    ])
    expect(group.chunks.map(({ operation }) => operation)).toEqual(['create', 'append'])
  })
})
