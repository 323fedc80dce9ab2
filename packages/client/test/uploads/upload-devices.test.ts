import type {
  BatchUploadGroup,
  PlanUploadRequest,
  SavedBatchUploadGroup,
  UploadChunk,
} from '@devicebatch/client'
import { findBatch, planUpload, uploadDevices } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import { describe, expect, test, vi } from 'vitest'

import {
  customerId,
  emulated,
  json,
  location,
  otherCustomerId,
  partnerOn,
  rejection,
  text,
} from '../helpers.ts'
import { laptop, laptops } from './group.ts'

const serialsIn = (body: string | undefined): string[] => {
  const parsed = JSON.parse(body!) as NewDevice[] | { devices: NewDevice[] }
  return ('devices' in parsed ? parsed.devices : parsed).map(({ serialNumber }) => serialNumber!)
}

describe('uploading devices', () => {
  test('creates the batch with the first chunk and adds the others to it, one after another', async () => {
    const { customer, requestsOf } = emulated()
    const devices = laptops(5)
    const group = await uploadDevices(customer, { batchId: 'Front desk', devices, chunkSize: 2 })
    const sent = requestsOf('createDeviceBatch', 'addDevicesToBatch')
    expect(sent.map(({ operation }) => operation)).toEqual([
      'createDeviceBatch',
      'addDevicesToBatch',
      'addDevicesToBatch',
    ])
    expect(sent.map(({ body }) => serialsIn(body))).toEqual([['S-0', 'S-1'], ['S-2', 'S-3'], ['S-4']])
    expect(group).toMatchObject({ customerId, batchId: 'Front desk', complete: true, duplicates: [] })
    expect(group.chunks).toMatchObject([
      { operation: 'create', fromIndex: 0, toIndex: 2, deviceCount: 2 },
      { operation: 'append', fromIndex: 2, toIndex: 4, deviceCount: 2 },
      { operation: 'append', fromIndex: 4, toIndex: 5, deviceCount: 1 },
    ])
    expect(group.chunks.map(({ requestId }) => requestId)).toEqual(
      sent.map(({ headers }) => headers['ms-requestid']),
    )
    expect(group.chunks.map(({ batchTrackingId }) => batchTrackingId)).toEqual(
      sent.map((request) => request.location!.split('/').pop()),
    )
    expect(new Set(sent.map(({ headers }) => headers['ms-correlationid'])).size).toBe(1)
  })

  test('accepts only a customer that this package created', async () => {
    const { customer, requestsOf } = emulated()
    const upload = uploadDevices({ ...customer }, { batchId: 'B', devices: laptops(1) })
    expect(await rejection(upload)).toMatchObject({
      code: 'invalid-argument',
      message: '`customer` must be what partner.customers.byId() returned.',
    })
    expect(requestsOf('listDeviceBatches')).toEqual([])
  })

  test('adds to a batch that exists, whatever its case, by its own spelling', async () => {
    const { customer, emulator, requestsOf } = emulated()
    const one = { customerId, devices: [] }
    emulator.seed({
      batches: [
        { ...one, batchId: 'FRONT desk' },
        { ...one, batchId: 'Other' },
      ],
    })
    const group = await uploadDevices(customer, { batchId: 'Front Desk', devices: laptops(1) })
    expect(group.batchId).toBe('FRONT desk')
    expect(requestsOf('createDeviceBatch')).toEqual([])
    expect(requestsOf('addDevicesToBatch')[0]!.path).toContain('/deviceBatches/FRONT%20desk/devices')
  })

  test('prefers the batch with exactly this name to one that differs in case', async () => {
    const { customer, emulator } = emulated()
    const batch = (batchId: string) => ({ customerId, batchId, devices: [] })
    emulator.seed({ batches: [batch('front desk'), batch('Front desk'), batch('FRONT DESK')] })
    const group = await uploadDevices(customer, { batchId: 'Front desk', devices: laptops(1) })
    expect(group.batchId).toBe('Front desk')
  })

  test('adds to a batch that the list did not show if creating it returns 409', async () => {
    const { customer, emulator, requestsOf } = emulated()
    emulator.seed({ batches: [{ customerId, batchId: 'Hidden', unlisted: true, devices: [] }] })
    const told: UploadChunk[] = []
    const group = await uploadDevices(customer, {
      batchId: 'Hidden',
      devices: laptops(2),
      onBeforeSubmit: (_, chunk) => told.push({ ...chunk }),
    })
    expect(group.chunks).toMatchObject([{ operation: 'append' }])
    expect(told.map(({ operation }) => operation)).toEqual(['create', 'append'])
    // It got a response, so the next request has another ID.
    const ids = requestsOf('createDeviceBatch', 'addDevicesToBatch').map(
      ({ headers }) => headers['ms-requestid'],
    )
    expect(new Set(ids).size).toBe(2)
    expect(told.map(({ requestId }) => requestId)).toEqual(ids)
  })

  test('sends 500 devices per request by default', async () => {
    const { customer } = emulated()
    const group = await uploadDevices(customer, { batchId: 'B', devices: laptops(1_001) })
    expect(group.chunks.map(({ deviceCount }) => deviceCount)).toEqual([500, 500, 1])
  })

  test('keeps requests below 4,000,000 bytes by default', async () => {
    const { partner, sent } = partnerOn((one) =>
      one.method === 'GET' ? json(200, [])(one) : text(202, null, { Location: location })(one),
    )
    const devices = Array.from({ length: 300 }, (_, index) => ({
      hardwareHash: `${index}`.padEnd(20_000, 'x'),
    }))
    const group = await uploadDevices(partner.customers.byId(customerId), { batchId: 'B', devices })
    expect(group.chunks.map(({ deviceCount }) => deviceCount)).toEqual([199, 101])
    const sizes = sent.slice(1).map(({ body }) => JSON.stringify(body).length)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4_000_000)
    expect(sizes[0]! + 20_020).toBeGreaterThan(4_000_000)
  })

  test("sends each device's identifiers, and nothing empty", async () => {
    const { customer, requestsOf } = emulated()
    const row = { ...laptop('S'), productKey: '', hardwareHash: null, policies: [], line: 7 }
    await uploadDevices(customer, { batchId: 'B', devices: [row] })
    expect(JSON.parse(requestsOf('createDeviceBatch')[0]!.body!)).toEqual({
      batchId: 'B',
      devices: [laptop('S')],
    })
  })

  test('leaves out exact duplicates, wherever they are, and reports them', async () => {
    const { customer, requestsOf } = emulated()
    const [a, b, c] = [laptop('S-0'), laptop('S-1'), laptop('S-2')]
    const devices = [
      a,
      { ...a, productKey: null },
      b,
      c,
      { ...b },
      { ...a, policies: [] },
      { ...c, productKey: 'K' },
    ]
    const group = await uploadDevices(customer, { batchId: 'B', devices, chunkSize: 2 })
    expect(group.duplicates).toEqual([
      { index: 1, firstIndex: 0 },
      { index: 4, firstIndex: 2 },
      { index: 5, firstIndex: 0 },
    ])
    const sent = requestsOf('createDeviceBatch', 'addDevicesToBatch')
    expect(sent.map(({ body }) => serialsIn(body))).toEqual([
      ['S-0', 'S-1'],
      ['S-2', 'S-2'],
    ])
    expect(group.chunks).toMatchObject([
      { fromIndex: 0, toIndex: 3, deviceCount: 2 },
      { fromIndex: 3, toIndex: 7, deviceCount: 2 },
    ])
  })

  test('reads an async source as it sends, no more than a chunk and a device ahead', async () => {
    const { customer, requestsOf } = emulated()
    const read: number[] = []
    const closed = vi.fn()
    async function* source() {
      try {
        for (const device of laptops(6)) {
          read.push(requestsOf('createDeviceBatch', 'addDevicesToBatch').length)
          yield device
        }
      } finally {
        closed()
      }
    }
    await uploadDevices(customer, { batchId: 'B', devices: source(), chunkSize: 2 })
    // The first device of the next chunk shows that the previous chunk is complete.
    expect(read).toEqual([0, 0, 0, 1, 1, 2])
    expect(closed).toHaveBeenCalledOnce()
  })

  test('accepts any iterable', async () => {
    const { customer } = emulated()
    const group = await uploadDevices(customer, { batchId: 'B', devices: new Set(laptops(3)), chunkSize: 2 })
    expect(group.chunks.map(({ deviceCount }) => deviceCount)).toEqual([2, 1])
  })

  test('does not modify its input', async () => {
    const { customer } = emulated()
    const devices = Object.freeze([Object.freeze({ ...laptop('S'), productKey: '' })])
    const request = Object.freeze({ batchId: 'B', devices })
    await uploadDevices(customer, request)
    expect(devices).toEqual([{ ...laptop('S'), productKey: '' }])
  })
})

describe('the callbacks', () => {
  test('are called with each request before it is sent and with each tracking ID before the next, and are awaited', async () => {
    const { customer, requestsOf } = emulated()
    const log: string[] = []
    const kept: SavedBatchUploadGroup[] = []
    const sentSoFar = () => requestsOf('createDeviceBatch', 'addDevicesToBatch').length
    const listener = (name: string) => async (group: BatchUploadGroup, chunk: Readonly<UploadChunk>) => {
      log.push(`${name} ${chunk.fromIndex} ${sentSoFar()}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
      log.push(`${name} done ${sentSoFar()}`)
      kept.push(JSON.parse(JSON.stringify(group)))
    }
    const group = await uploadDevices(customer, {
      batchId: 'B',
      devices: laptops(4),
      chunkSize: 2,
      onBeforeSubmit: listener('before'),
      onSubmitted: listener('after'),
    })
    expect(log).toEqual([
      'before 0 0',
      'before done 0',
      'after 0 1',
      'after done 1',
      'before 2 1',
      'before done 1',
      'after 2 2',
      'after done 2',
    ])
    const ids = group.chunks.map(({ batchTrackingId }) => batchTrackingId)
    expect(kept.map(({ chunks }) => chunks.map(({ batchTrackingId }) => batchTrackingId))).toEqual([
      [undefined],
      [ids[0]],
      [ids[0], undefined],
      ids,
    ])
    expect(kept[0]!.chunks[0]!.requestId).toBe(group.chunks[0]!.requestId)
    expect(kept.map(({ complete }) => complete)).toEqual([false, false, false, false])
  })

  test('stop the upload before anything is sent when the first throws', async () => {
    const { customer, requestsOf } = emulated()
    const reason = new Error('disk full')
    const upload = uploadDevices(customer, {
      batchId: 'B',
      devices: laptops(4),
      onBeforeSubmit() {
        throw reason
      },
    })
    expect(await rejection(upload)).toBe(reason)
    expect(requestsOf('createDeviceBatch')).toEqual([])
  })

  test('interrupt it from then on, and nothing that was accepted is lost', async () => {
    const { customer, requestsOf } = emulated()
    const reason = new Error('disk full: secret')
    const error = await rejection(
      uploadDevices(customer, {
        batchId: 'B',
        devices: laptops(4),
        chunkSize: 2,
        async onSubmitted() {
          throw reason
        },
      }),
    )
    expect(error).toMatchObject({
      name: 'UploadInterruptedError',
      code: 'invalid-argument',
      isRetryable: false,
      isAmbiguous: false,
      unsent: { fromIndex: 2, count: 2 },
      cause: reason,
    })
    expect(error.message).toBe(
      'The upload to batch "B" stopped after 1 request; the devices from position 2 on were not sent. The devices or a callback threw; see `cause`. To resume, call uploadDevices() with the same devices and `resume: error.group`.',
    )
    expect((error.group as BatchUploadGroup).chunks).toMatchObject([{ batchTrackingId: expect.any(String) }])
    expect(requestsOf('createDeviceBatch', 'addDevicesToBatch')).toHaveLength(1)
  })

  test('leave out the request that one of them forbade', async () => {
    const { customer } = emulated()
    let calls = 0
    const error = await rejection(
      uploadDevices(customer, {
        batchId: 'B',
        devices: laptops(4),
        chunkSize: 2,
        onBeforeSubmit() {
          if (++calls === 2) throw new Error('no')
        },
      }),
    )
    expect((error.group as BatchUploadGroup).chunks).toHaveLength(1)
    expect(error).toMatchObject({ unsent: { fromIndex: 2, count: 2 }, isAmbiguous: false })
  })
})

describe('an upload can be predicted', () => {
  test('a plan lists the requests, the duplicates and the devices with only a hash', async () => {
    const [a, b] = [laptop('S-0'), laptop('S-1')]
    const devices = [a, b, a, { hardwareHash: 'AAAA' }]
    expect(await planUpload({ customerId, batchId: 'B', devices, chunkSize: 2 })).toEqual({
      customerId,
      batchId: 'B',
      chunks: [
        { fromIndex: 0, toIndex: 3, deviceCount: 2, bytes: expect.any(Number) },
        { fromIndex: 3, toIndex: 4, deviceCount: 1, bytes: expect.any(Number) },
      ],
      deviceCount: 3,
      duplicates: [{ index: 2, firstIndex: 0 }],
      hashOnlyCount: 1,
    })
  })

  test('the plan of an upload that continues holds what is left of it', async () => {
    const { customer } = emulated()
    const devices = laptops(5)
    const group = await uploadDevices(customer, { batchId: 'B', devices: devices.slice(0, 2) })
    const resume = group.toJSON()
    const plan = await planUpload({ customerId, batchId: 'B', devices, resume, chunkSize: 2 })
    expect(plan).toMatchObject({ deviceCount: 3 })
    expect(plan.chunks.map(({ fromIndex, toIndex }) => [fromIndex, toIndex])).toEqual([
      [2, 4],
      [4, 5],
    ])
  })

  test('a plan ends with its signal, however long the source hangs', async () => {
    const reason = new Error('Enough.')
    const never: AsyncIterable<NewDevice> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
    }
    const ending = new AbortController()
    const planned = planUpload({ customerId, batchId: 'B', devices: never }, { signal: ending.signal })
    ending.abort(reason)
    await expect(planned).rejects.toBe(reason)
  })

  test('a batch is found whatever its case, with the same spelling first', async () => {
    const { customer, emulator, requestsOf } = emulated()
    expect(await findBatch(customer, 'B')).toBeUndefined()
    emulator.seed({ batches: [{ customerId, batchId: 'b', devices: [] }] })
    expect(await findBatch(customer, 'B')).toMatchObject({ id: 'b', devicesCount: 0 })
    expect(requestsOf('createDeviceBatch', 'addDevicesToBatch')).toEqual([])
  })
})

describe('invalid input is refused before anything is sent', () => {
  const devices = laptops(2)
  const saved = {
    version: 1,
    customerId,
    batchId: 'B',
    chunks: [],
    duplicates: [],
    complete: false,
  }
  const chunk = {
    operation: 'create',
    requestId: otherCustomerId,
    fromIndex: 0,
    toIndex: 2,
    deviceCount: 2,
    digest: '0',
  }
  const guid = 'must be a GUID such as 0127ed8e-ff72-4983-a3d8-e8d8bd378932; got'

  test.each<[unknown, string]>([
    [
      undefined,
      '`batchId` must be a non-empty string other than "." and "..", without "/", "\\" or control characters; got undefined.',
    ],
    [
      { batchId: 'a/b', devices },
      '`batchId` must be a non-empty string other than "." and "..", without "/", "\\" or control characters; got "a/b".',
    ],
    [{ batchId: 'B' }, '`devices` must be an array or another iterable of devices; got undefined.'],
    [{ batchId: 'B', devices: null }, '`devices` must be an array or another iterable of devices; got null.'],
    [{ batchId: 'B', devices: {} }, '`devices` must be an array or another iterable of devices; got object.'],
    [
      { batchId: 'B', devices: 'serials' },
      '`devices` must be an array or another iterable of devices; got "serials".',
    ],
    [{ batchId: 'B', devices: [] }, '`devices` must contain at least one device.'],
    [{ batchId: 'B', devices: new Set() }, '`devices` must contain at least one device.'],
    [
      { batchId: 'B', devices: [...devices, { serialNumber: 'S' }], chunkSize: 1 },
      '`devices[2]` identifies no device: it needs hardwareHash, or productKey, or serialNumber with oemManufacturerName and modelName.',
    ],
    [
      { batchId: 'B', devices: Array(1) },
      '`devices[0]` identifies no device: it needs hardwareHash, or productKey, or serialNumber with oemManufacturerName and modelName.',
    ],
    [
      { batchId: 'B', devices: [{ productKey: 'K', modelName: 5 }] },
      '`devices[0].modelName` must be text; got 5.',
    ],
    [
      { batchId: 'B', devices, maxChunkBytes: 60 },
      '`devices[0]` takes 78 bytes as JSON, and `maxChunkBytes` (60) leaves room for 32. Raise it, or check the device.',
    ],
    [{ batchId: 'B', devices, chunkSize: 0 }, '`chunkSize` must be an integer of at least 1; got 0.'],
    [{ batchId: 'B', devices, chunkSize: 1.5 }, '`chunkSize` must be an integer of at least 1; got 1.5.'],
    [{ batchId: 'B', devices, chunkSize: null }, '`chunkSize` must be an integer of at least 1; got null.'],
    [
      { batchId: 'B', devices, maxChunkBytes: '4 MB' },
      '`maxChunkBytes` must be an integer of at least 1; got "4 MB".',
    ],
    [
      { batchId: 'B', devices, settleTimeoutMs: -1 },
      '`settleTimeoutMs` must be a positive number of milliseconds; got -1.',
    ],
    [{ batchId: 'B', devices, onBeforeSubmit: 'log' }, '`onBeforeSubmit` must be a function; got "log".'],
    [{ batchId: 'B', devices, onSubmitted: {} }, '`onSubmitted` must be a function; got object.'],
    [
      { batchId: 'B', devices, resume: 'group' },
      '`resume` must be what a group\'s toJSON() gave, of version 1; got "group".',
    ],
    [
      { batchId: 'B', devices, resume: null },
      "`resume` must be what a group's toJSON() gave, of version 1; got null.",
    ],
    [
      { batchId: 'B', devices, resume: { ...saved, version: 2 } },
      "`resume` must be what a group's toJSON() gave, of version 1; got 2.",
    ],
    [
      { batchId: 'C', devices, resume: saved },
      `\`resume\` belongs to batch "B" of customer "${customerId}", not to "C" of ${customerId}. Pass the state saved from this upload.`,
    ],
    [
      { batchId: 'B', devices, resume: { ...saved, customerId: otherCustomerId } },
      `\`resume\` belongs to batch "B" of customer "${otherCustomerId}", not to "B" of ${customerId}. Pass the state saved from this upload.`,
    ],
    [
      { batchId: 'B', devices, resume: { ...saved, chunks: [{ ...chunk, requestId: 'x' }] } },
      `\`resume.chunks[0].requestId\` ${guid} "x".`,
    ],
    [
      { batchId: 'B', devices, resume: { ...saved, chunks: [{ ...chunk, batchTrackingId: 'x' }] } },
      `\`resume.chunks[0].batchTrackingId\` ${guid} "x".`,
    ],
    [
      {
        batchId: 'B',
        devices,
        resume: { ...saved, chunks: [chunk, { ...chunk, fromIndex: 3, toIndex: 4 }] },
      },
      '`resume.chunks[1]` must begin where the one before ended, at 2; it goes from 3 to 4. Pass the saved state, unchanged.',
    ],
    [
      { batchId: 'B', devices, resume: { ...saved, chunks: [chunk] } },
      '`devices` do not match those of `resume`: those of request 1, positions 0 to 1, differ. Pass the same devices in the same order, or upload these without `resume`.',
    ],
  ])('%j', async (request, message) => {
    const { partner, sent } = partnerOn(json(200, []))
    const error = await rejection(uploadDevices(partner.customers.byId(customerId), request as never))
    expect(await rejection(planUpload({ ...(request as PlanUploadRequest), customerId }))).toEqual(error)
    expect(error).toMatchObject({ name: 'InvalidArgumentError', code: 'invalid-argument', message })
    expect(sent).toEqual([])
  })

  test('but a source that is read during the upload stops it halfway', async () => {
    const { customer, requestsOf } = emulated()
    async function* source() {
      yield* laptops(3)
      yield { serialNumber: 'S' } as NewDevice
    }
    const error = await rejection(uploadDevices(customer, { batchId: 'B', devices: source(), chunkSize: 2 }))
    expect(error).toMatchObject({
      name: 'UploadInterruptedError',
      code: 'invalid-argument',
      unsent: { fromIndex: 2 },
      message: expect.stringContaining('`devices[3]` identifies no device'),
    })
    expect(error.unsent).not.toHaveProperty('count')
    expect(requestsOf('createDeviceBatch', 'addDevicesToBatch')).toHaveLength(1)
  })
})

describe('an abort', () => {
  test('before the first request rejects with its own reason, and nothing is sent', async () => {
    const { partner, sent } = partnerOn(json(200, []))
    const reason = { mine: true }
    const customer = partner.customers.byId(customerId)
    const options = { signal: AbortSignal.abort(reason) }
    expect(await rejection(uploadDevices(customer, { batchId: 'B', devices: laptops(1) }, options))).toBe(
      reason,
    )
    expect(sent).toEqual([])
  })

  test("halfway also rejects with its own reason, and the callbacks' group continues to show what was accepted", async () => {
    const { customer } = emulated()
    const controller = new AbortController()
    const reason = { mine: true }
    let kept: BatchUploadGroup | undefined
    const upload = uploadDevices(
      customer,
      {
        batchId: 'B',
        devices: laptops(4),
        chunkSize: 2,
        onSubmitted(group) {
          kept = group
          controller.abort(reason)
        },
      },
      { signal: controller.signal },
    )
    expect(await rejection(upload)).toBe(reason)
    expect(kept!.chunks).toMatchObject([{ batchTrackingId: expect.any(String) }])
    expect(kept!.complete).toBe(false)
  })

  test('ends a source, a callback and a request that hang', async () => {
    const reason = { mine: true }
    const never = new Promise<never>(() => {})
    const { customer } = emulated()
    const hanging = partnerOn([json(200, []), () => never]).partner.customers.byId(customerId)
    const devices = laptops(1)
    const closed = vi.fn()
    const source: AsyncIterable<NewDevice> = {
      [Symbol.asyncIterator]: () => ({
        next: () => never,
        return: () => {
          closed()
          return never
        },
      }),
    }
    for (const [one, request] of [
      [customer, { batchId: 'B', devices: source }],
      [customer, { batchId: 'B', devices, onBeforeSubmit: () => never }],
      [customer, { batchId: 'B', devices, onSubmitted: () => never }],
      [hanging, { batchId: 'B', devices }],
    ] as const) {
      const controller = new AbortController()
      const upload = uploadDevices(one, request, { signal: controller.signal })
      setTimeout(() => controller.abort(reason), 20)
      expect(await rejection(upload)).toBe(reason)
    }
    expect(closed).toHaveBeenCalledOnce()
  })
})
