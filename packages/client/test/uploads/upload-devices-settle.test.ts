import type {
  BatchUploadGroup,
  SavedBatchUploadGroup,
  UploadChunk,
  UploadInterruptedError,
} from '@devicebatch/client'
import { explainError, uploadDevices } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { fixed } from '../../../emulator/test/profile.ts'
import type { Answer } from '../helpers.ts'
import {
  customerId,
  elapse,
  emulated,
  json,
  location,
  moveTime,
  partnerOn,
  rejection,
  text,
} from '../helpers.ts'
import { laptop, laptops } from './group.ts'

const correlationId = '11111111-2222-4333-8444-555555555555'
const cut = { kind: 'cut', accepted: true } as const
const lost = { kind: 'cut' } as const

beforeEach(moveTime)
afterEach(() => {
  vi.useRealTimers()
})

describe('a request whose response was lost', () => {
  test('is sent again with the same MS-RequestId, which returns the first upload', async () => {
    const { customer, emulator, requestsOf } = emulated()
    emulator.faults.add({ operation: 'addDevicesToBatch', effect: cut })
    const told: string[] = []
    const group = await elapse(
      uploadDevices(customer, {
        batchId: 'B',
        devices: laptops(6),
        chunkSize: 2,
        onBeforeSubmit: (_, { requestId }) => told.push(requestId),
      }),
    )
    const sent = requestsOf('createDeviceBatch', 'addDevicesToBatch')
    const ids = sent.map(({ headers }) => headers['ms-requestid'])
    expect(ids).toEqual([told[0], told[1], told[1], told[2]])
    expect(sent[2]!.location).toBe(sent[1]!.location)
    // Whether the service recognized the ID is not visible from here.
    expect(group.chunks.map(({ repeated }) => repeated)).toEqual([undefined, true, undefined])
    expect(group.chunks.every(({ batchTrackingId }) => batchTrackingId)).toBe(true)
  })

  test('and did not arrive is sent again as well', async () => {
    const { customer, emulator, requestsOf } = emulated()
    emulator.faults.add({ operation: 'createDeviceBatch', effect: lost })
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices: laptops(2) }))
    expect(requestsOf('createDeviceBatch').map(({ location }) => location)).toEqual([
      undefined,
      expect.any(String),
    ])
    const { rows } = await elapse(group.wait())
    expect(rows).toMatchObject([
      { outcome: 'succeeded', delivery: 'cannot-tell' },
      { outcome: 'succeeded', delivery: 'cannot-tell' },
    ])
  })

  test.each([500, 502, 503, 504, 408, 524])('counts as lost when it was %i', async (status) => {
    const { customer, emulator, requestsOf } = emulated()
    emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status } })
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices: laptops(1) }))
    expect(new Set(requestsOf('createDeviceBatch').map(({ headers }) => headers['ms-requestid'])).size).toBe(
      1,
    )
    expect(requestsOf('createDeviceBatch')).toHaveLength(2)
    expect(group.chunks).toMatchObject([{ repeated: true }])
  })

  test('waits as long as the service asks before it is sent again', async () => {
    const { customer, emulator, requestsOf } = emulated()
    emulator.faults.add({
      operation: 'createDeviceBatch',
      effect: { kind: 'answer', status: 503, headers: { 'Retry-After': '90' } },
    })
    await elapse(uploadDevices(customer, { batchId: 'B', devices: laptops(1) }))
    const [first, second] = requestsOf('createDeviceBatch')
    expect(second!.at - first!.at).toBe(90_000)
  })

  test('twice is reconciled from the batch once its devices are there, and then the upload continues', async () => {
    const { customer, emulator, requestsOf } = emulated({ quirks: fixed.pages })
    emulator.faults.add({ operation: 'addDevicesToBatch', times: 2, effect: cut })
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices: laptops(6), chunkSize: 2 }))
    expect(group.chunks[1]).toMatchObject({
      repeated: true,
      settled: { landed: [2, 3], didNotLand: [], cannotTell: [] },
    })
    expect(group.chunks[1]).not.toHaveProperty('batchTrackingId')
    expect(group.chunks[2]).toMatchObject({ operation: 'append', batchTrackingId: expect.any(String) })
    const looks = requestsOf('listDevices')
    expect(looks.length).toBeGreaterThan(1)
    const waits = looks.slice(1).map(({ at }, index) => at - looks[index]!.at)
    expect(waits).toEqual(waits.map((_, index) => 5_000 * 2 ** index))
    const report = await elapse(group.wait())
    expect(report.counts).toMatchObject({ total: 6, succeeded: 6 })
    expect(report.rows.map(({ delivery, outcome }) => [delivery, outcome])).toEqual([
      ['landed', 'succeeded'],
      ['landed', 'succeeded'],
      ['cannot-tell', 'succeeded'],
      ['cannot-tell', 'succeeded'],
      ['landed', 'succeeded'],
      ['landed', 'succeeded'],
    ])
  })

  test('twice, without arriving, is reconciled after `settleTimeoutMs`: its devices did not land', async () => {
    const { customer, emulator, requestsOf } = emulated()
    emulator.faults.add({ operation: 'addDevicesToBatch', times: 2, effect: lost })
    const group = await elapse(
      uploadDevices(customer, { batchId: 'B', devices: laptops(6), chunkSize: 2, settleTimeoutMs: 60_000 }),
    )
    expect(group.chunks[1]!.settled).toEqual({ landed: [], didNotLand: [2, 3], cannotTell: [] })
    const looks = requestsOf('listDevices')
    expect(looks.at(-1)!.at - looks[0]!.at).toBe(60_000)
    const report = await elapse(group.wait())
    expect(report.outcome).toBe('unknown')
    expect(report.counts).toMatchObject({ total: 6, succeeded: 4, unresolved: 2 })
    expect(
      report.rows.filter(({ delivery }) => delivery === 'did-not-land').map(({ index }) => index),
    ).toEqual([2, 3])
  })

  test('is reconciled for ten minutes by default', async () => {
    const { customer, emulator, requestsOf } = emulated({ quirks: fixed.pages })
    emulator.faults.add({ operation: 'addDevicesToBatch', times: 2, effect: lost })
    await elapse(uploadDevices(customer, { batchId: 'B', devices: laptops(2), chunkSize: 1 }))
    const looks = requestsOf('listDevices')
    expect(looks.at(-1)!.at - looks[0]!.at).toBe(600_000)
    expect(looks).toHaveLength(8)
  })

  test('reports device by device: a device that failed is not in the batch, one with only a hash cannot be found', async () => {
    const { customer, emulator } = emulated()
    emulator.seed({ batches: [{ customerId, batchId: 'B', devices: [] }] })
    emulator.faults.add({ operation: 'addDevicesToBatch', times: 2, effect: cut })
    const devices: NewDevice[] = [
      laptop('S-0'),
      laptop('EMU808-1'),
      { hardwareHash: 'AAAA' },
      { hardwareHash: 'BBBB', productKey: '00329-00000-0003-AA606' },
    ]
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices }))
    expect(group.chunks[0]!.settled).toEqual({ landed: [0, 3], didNotLand: [1], cannotTell: [2] })
    const { rows, counts } = await elapse(group.wait())
    expect(rows.map(({ delivery, outcome }) => [delivery, outcome])).toEqual([
      ['cannot-tell', 'succeeded'],
      ['did-not-land', 'unresolved'],
      ['cannot-tell', 'unresolved'],
      ['cannot-tell', 'succeeded'],
    ])
    expect(counts).toMatchObject({ total: 4, succeeded: 2, unresolved: 2 })
  })

  test('to a batch that does not exist after all did not land, not even unidentifiable devices, and the next one creates it', async () => {
    const { customer, emulator } = emulated()
    emulator.faults.add({ operation: 'createDeviceBatch', times: 2, effect: lost })
    const devices: NewDevice[] = [laptop('S-0'), { hardwareHash: 'AAAA' }, laptop('S-2')]
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices, chunkSize: 2 }))
    expect(group.chunks).toMatchObject([
      { operation: 'create', settled: { landed: [], didNotLand: [0, 1], cannotTell: [] } },
      { operation: 'create', batchTrackingId: expect.any(String) },
    ])
  })

  test('twice, when the service does not recognize the ID, shows in the devices: none is reported as landed', async () => {
    const { customer, emulator, requestsOf } = emulated({ quirks: { deduplicate: false } })
    emulator.faults.add({ operation: 'addDevicesToBatch', effect: cut })
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices: laptops(6), chunkSize: 2 }))
    const accepted = requestsOf('createDeviceBatch', 'addDevicesToBatch').filter(({ location }) => location)
    expect(accepted).toHaveLength(4)
    const { rows } = await elapse(group.wait())
    expect(rows.filter(({ delivery }) => delivery === 'cannot-tell').map(({ index }) => index)).toEqual([
      2, 3,
    ])
    expect(rows.map(({ outcome }) => outcome)).toEqual([
      'succeeded',
      'succeeded',
      'already-registered',
      'already-registered',
      'succeeded',
      'succeeded',
    ])
  })

  test('of creating the batch, and the batch exists when it is sent again: it is listed, and was not accepted twice', async () => {
    const { customer, emulator, requestsOf } = emulated({ quirks: { deduplicate: false } })
    emulator.faults.add({ operation: 'createDeviceBatch', effect: cut })
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices: laptops(3), chunkSize: 2 }))
    expect(requestsOf('createDeviceBatch').map(({ status }) => status)).toEqual([undefined, 409])
    expect(group.chunks).toMatchObject([
      { operation: 'create', settled: { landed: [0, 1], didNotLand: [], cannotTell: [] } },
      { operation: 'append' },
    ])
    const { rows } = await elapse(group.wait())
    expect(rows.map(({ delivery }) => delivery)).toEqual(['landed', 'landed', 'landed'])
  })

  test('interrupts the upload if the batch cannot be listed either, and stays in doubt', async () => {
    const { customer, emulator } = emulated()
    emulator.faults.add({ operation: 'addDevicesToBatch', times: 2, effect: lost })
    emulator.faults.add({ operation: 'listDevices', times: 'always', effect: lost })
    const error = (await rejection(
      elapse(uploadDevices(customer, { batchId: 'B', devices: laptops(6), chunkSize: 2 })),
    )) as unknown as UploadInterruptedError
    expect(error).toMatchObject({
      name: 'UploadInterruptedError',
      code: 'connection',
      isRetryable: true,
      isAmbiguous: true,
      method: 'POST',
      unsent: { fromIndex: 4, count: 2 },
    })
    expect(error.group.chunks[1]).toMatchObject({ repeated: true })
    expect(error.group.chunks[1]).not.toHaveProperty('batchTrackingId')
    expect(error.group.chunks[1]).not.toHaveProperty('settled')
    expect(explainError(error)).toMatchObject({ reason: 'no-answer' })
    // Accepted devices can be waited for; those in doubt are reported as such.
    const report = await elapse(error.group.wait())
    expect(report.counts).toMatchObject({ total: 4, succeeded: 2, unresolved: 2 })
    expect(report.rows.map(({ delivery }) => delivery)).toEqual([
      'landed',
      'landed',
      'cannot-tell',
      'cannot-tell',
    ])
  })

  test('is not sent again when it was accepted and only its tracking ID is missing', async () => {
    const listed = json(200, { items: [{ id: 'a', ...laptop(' s-0') }] })
    const { partner, sent } = partnerOn([json(200, []), text(202, null), listed])
    const group = await elapse(
      uploadDevices(partner.customers.byId(customerId), { batchId: 'B', devices: laptops(1) }),
    )
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET'])
    expect(group.chunks).toMatchObject([{ settled: { landed: [0] } }])
    expect(group.chunks[0]).not.toHaveProperty('repeated')
  })

  test('cannot be reconciled where two devices share their identifiers and one is listed', async () => {
    const listed = json(200, { items: [{ id: 'a', serialNumber: 'Default string' }] })
    const { partner } = partnerOn([json(200, [{ id: 'B' }]), text(202, null), listed])
    const devices = ['AAAA', 'BBBB'].map((hardwareHash) => ({ hardwareHash, serialNumber: 'Default string' }))
    const group = await elapse(uploadDevices(partner.customers.byId(customerId), { batchId: 'B', devices }))
    expect(group.chunks[0]!.settled).toEqual({ landed: [], didNotLand: [], cannotTell: [0, 1] })
  })
})

describe('a request that was lost twice, and whose devices have only a product key', () => {
  const listedAs = (...items: object[]) =>
    partnerOn((one) => {
      if (one.method === 'POST') throw new TypeError('fetch failed')
      return json(200, { totalCount: items.length, items: one.url.endsWith('devices') ? items : [] })(one)
    })
  const settle = async ({ partner }: ReturnType<typeof listedAs>) => {
    const devices = [{ productKey: '0123456789012' }, laptop('S-1')]
    const group = await elapse(uploadDevices(partner.customers.byId(customerId), { batchId: 'B', devices }))
    return group.chunks[0]!.settled
  }

  test('may be among listed devices without a product key, so that they are not sent again', async () => {
    const listed = { id: 'd1', serialNumber: 'S-9', modelName: 'Tablet 3', oemManufacturerName: 'Contoso' }
    expect(await settle(listedAs(listed))).toEqual({ landed: [], didNotLand: [1], cannotTell: [0] })
  })

  test('did not land when every listed device has another product key', async () => {
    const listed = { id: 'd1', productKey: '0123456789999' }
    expect(await settle(listedAs(listed))).toEqual({ landed: [], didNotLand: [0, 1], cannotTell: [] })
  })
})

describe('a request that was not even sent', () => {
  test('because no token was returned this time is sent later', async () => {
    let tokens = 0
    const { partner, sent } = partnerOn(
      (one) => (one.method === 'POST' ? text(202, null, { Location: location })(one) : json(200, [])(one)),
      {
        credential: () => {
          // The list of batches and the first request have one.
          if (++tokens === 3 || tokens === 4) throw new Error('The token endpoint is down.')
          return 'secret-token'
        },
      },
    )
    const customer = partner.customers.byId(customerId)
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices: laptops(2), chunkSize: 1 }))
    expect(
      group.chunks.map(({ repeated, batchTrackingId }) => [repeated, batchTrackingId !== undefined]),
    ).toEqual([
      [undefined, true],
      [undefined, true],
    ])
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(2)
  })

  test('because the service throttles another call for longer than a call may take is sent after that', async () => {
    const { customer, emulator, requestsOf } = emulated()
    emulator.faults.add({
      operation: 'listDeviceBatches',
      skip: 1,
      effect: { kind: 'answer', status: 429, headers: { 'Retry-After': '150' } },
    })
    let other: Promise<unknown> | undefined
    const upload = uploadDevices(customer, {
      batchId: 'B',
      devices: laptops(2),
      chunkSize: 1,
      onSubmitted: () => (other ??= rejection(customer.deviceBatches.list({ retry: false }).toArray())),
    })
    const group = await elapse(upload)
    expect(await other).toMatchObject({ status: 429 })
    expect(group.complete).toBe(true)
    const [, second] = requestsOf('createDeviceBatch', 'addDevicesToBatch')
    const [, throttled] = requestsOf('listDeviceBatches')
    expect(second!.at - throttled!.at).toBeGreaterThanOrEqual(150_000)
  })
})

describe('a response that says that nothing was done', () => {
  test('a 429 is waited out, and the same request is sent again', async () => {
    const { customer, emulator, requestsOf } = emulated()
    emulator.faults.add({ operation: 'addDevicesToBatch', times: 3, effect: { kind: 'answer', status: 429 } })
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices: laptops(2), chunkSize: 1 }))
    const sent = requestsOf('addDevicesToBatch')
    expect(new Set(sent.map(({ headers }) => headers['ms-requestid'])).size).toBe(1)
    expect(sent.slice(1).map(({ at }, index) => at - sent[index]!.at)).toEqual([57_000, 57_000, 57_000])
    expect(group.chunks[1]).not.toHaveProperty('repeated')
  })

  test('a 429 that asks for a longer wait than is left ends the upload', async () => {
    const { customer, emulator } = emulated()
    emulator.faults.add({
      operation: 'addDevicesToBatch',
      effect: { kind: 'answer', status: 429, headers: { 'Retry-After': '3600' } },
    })
    const error = await rejection(
      elapse(uploadDevices(customer, { batchId: 'B', devices: laptops(2), chunkSize: 1 })),
    )
    expect(error).toMatchObject({
      name: 'UploadInterruptedError',
      code: 'api',
      status: 429,
      retryAfterMs: 3_600_000,
      isRetryable: true,
      isAmbiguous: false,
      unsent: { fromIndex: 1, count: 1 },
    })
  })

  test('repeated 429s end it as well', async () => {
    const { customer, emulator, requestsOf } = emulated()
    emulator.faults.add({
      operation: 'addDevicesToBatch',
      times: 'always',
      effect: { kind: 'answer', status: 429, headers: { 'Retry-After': '1' } },
    })
    const upload = uploadDevices(customer, { batchId: 'B', devices: laptops(2), chunkSize: 1 })
    expect(await rejection(elapse(upload))).toMatchObject({ code: 'api', status: 429 })
    expect(requestsOf('addDevicesToBatch')).toHaveLength(9)
  })

  test('a 404 right after the batch was created is retried, each time with another ID', async () => {
    const { customer, emulator, requestsOf } = emulated()
    emulator.faults.add({ operation: 'addDevicesToBatch', times: 3, effect: { kind: 'answer', status: 404 } })
    const told: UploadChunk[] = []
    const group = await elapse(
      uploadDevices(customer, {
        batchId: 'B',
        devices: laptops(2),
        chunkSize: 1,
        onBeforeSubmit: (_, chunk) => told.push({ ...chunk }),
      }),
    )
    const sent = requestsOf('addDevicesToBatch')
    expect(sent.slice(1).map(({ at }, index) => at - sent[index]!.at)).toEqual([1_000, 2_000, 4_000])
    expect(sent.map(({ headers }) => headers['ms-requestid'])).toEqual(
      told.slice(1).map(({ requestId }) => requestId),
    )
    expect(new Set(told.map(({ requestId }) => requestId)).size).toBe(5)
    expect(group.chunks[1]).toMatchObject({
      requestId: told.at(-1)!.requestId,
      batchTrackingId: expect.any(String),
    })
    expect(group.chunks[1]).not.toHaveProperty('repeated')
  })

  test('a 404 is no longer retried after a minute', async () => {
    const { customer, emulator, requestsOf } = emulated()
    emulator.faults.add({
      operation: 'addDevicesToBatch',
      times: 'always',
      effect: { kind: 'answer', status: 404 },
    })
    const error = await rejection(
      elapse(uploadDevices(customer, { batchId: 'B', devices: laptops(2), chunkSize: 1 })),
    )
    expect(error).toMatchObject({
      name: 'UploadInterruptedError',
      code: 'api',
      status: 404,
      unsent: { fromIndex: 1 },
    })
    const sent = requestsOf('createDeviceBatch', 'addDevicesToBatch')
    expect(sent.at(-1)!.at - sent[0]!.at).toBeGreaterThanOrEqual(60_000)
    expect(sent.at(-2)!.at - sent[0]!.at).toBeLessThan(60_000)
  })

  test('a 404 from a batch that accepted nothing from us ends the upload at once', async () => {
    const { partner, sent } = partnerOn([json(200, [{ id: 'B' }]), json(404, { code: 1000 })])
    const upload = uploadDevices(partner.customers.byId(customerId), { batchId: 'B', devices: laptops(1) })
    expect(await rejection(elapse(upload))).toMatchObject({ name: 'ApiError', status: 404 })
    expect(sent).toHaveLength(2)
  })

  test.each([400, 401, 403])(
    '%i ends the upload, and nothing of the request is in the group',
    async (status) => {
      const { customer, emulator } = emulated()
      emulator.faults.add({
        operation: 'addDevicesToBatch',
        times: 'always',
        effect: { kind: 'answer', status },
      })
      const error = await rejection(
        elapse(uploadDevices(customer, { batchId: 'B', devices: laptops(4), chunkSize: 2 })),
      )
      expect(error).toMatchObject({
        name: 'UploadInterruptedError',
        code: 'api',
        status,
        method: 'POST',
        path: '/customers/{customerId}/deviceBatches/{batchId}/devices',
        requestId: expect.any(String),
        isAmbiguous: false,
        unsent: { fromIndex: 2, count: 2 },
      })
      expect(error.message).toContain(
        'The upload to batch "B" stopped after 1 request; the devices from position 2 on were not sent. POST /customers/{customerId}/deviceBatches/{batchId}/devices returned',
      )
      expect((error.group as BatchUploadGroup).chunks).toHaveLength(1)
      expect((error.cause as Error).name).toBe('ApiError')
      expect(explainError(error)).toEqual(explainError(error.cause))
      expect(JSON.parse(JSON.stringify(error))).toMatchObject({
        name: 'UploadInterruptedError',
        code: 'api',
        status,
        group: { version: 1, chunks: [{ fromIndex: 0 }] },
        unsent: { fromIndex: 2 },
      })
    },
  )

  test('on the very first request is the error itself: nothing was started', async () => {
    const { customer, emulator } = emulated()
    emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 403 } })
    const upload = uploadDevices(customer, { batchId: 'B', devices: laptops(4) })
    expect(await rejection(elapse(upload))).toMatchObject({ name: 'ApiError', status: 403 })
  })

  test('while checking whether the batch exists is the error itself too', async () => {
    const { customer, emulator, requestsOf } = emulated()
    emulator.faults.add({ operation: 'listDeviceBatches', effect: { kind: 'answer', status: 403 } })
    const onBeforeSubmit = vi.fn()
    const upload = uploadDevices(customer, { batchId: 'B', devices: laptops(4), onBeforeSubmit })
    expect(await rejection(elapse(upload))).toMatchObject({ name: 'ApiError', status: 403 })
    expect(onBeforeSubmit).not.toHaveBeenCalled()
    expect(requestsOf('createDeviceBatch')).toEqual([])
  })
})

describe('an upload that was interrupted', () => {
  const devices = laptops(7)

  /** Uploads until `stop` returns true, and returns what was saved at each call; the process ends there. */
  async function killedAt(
    customer: Parameters<typeof uploadDevices>[0],
    event: 'before' | 'after',
    call: number,
  ): Promise<SavedBatchUploadGroup> {
    let calls = 0
    let kept: SavedBatchUploadGroup | undefined
    const controller = new AbortController()
    const keep = (name: string) => (group: BatchUploadGroup) => {
      if (name !== event || ++calls !== call) return
      kept = JSON.parse(JSON.stringify(group))
      controller.abort()
    }
    const upload = uploadDevices(
      customer,
      { batchId: 'B', devices, chunkSize: 2, onBeforeSubmit: keep('before'), onSubmitted: keep('after') },
      { signal: controller.signal },
    )
    await rejection(elapse(upload))
    return kept!
  }

  test('continues after the last tracking ID, and sends nothing again', async () => {
    const { customer, requestsOf } = emulated()
    const resume = await killedAt(customer, 'after', 2)
    expect(requestsOf('createDeviceBatch', 'addDevicesToBatch')).toHaveLength(2)
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices, chunkSize: 2, resume }))
    expect(requestsOf('createDeviceBatch', 'addDevicesToBatch')).toHaveLength(4)
    expect(group.chunks.slice(0, 2)).toEqual(resume.chunks)
    expect(group.chunks.map(({ repeated }) => repeated)).toEqual([undefined, undefined, undefined, undefined])
    const report = await elapse(group.wait())
    expect(report.outcome).toBe('succeeded')
    expect(report.rows.map(({ serialNumber }) => serialNumber)).toEqual(
      devices.map(({ serialNumber }) => serialNumber),
    )
  })

  test.each([1, 2, 4])(
    'reconciles request %i, which was reported and may have been sent: it is sent again',
    async (call) => {
      const { customer, emulator, requestsOf } = emulated()
      emulator.faults.add({
        operation: call === 1 ? 'createDeviceBatch' : 'addDevicesToBatch',
        skip: Math.max(0, call - 2),
        effect: cut,
      })
      // The response is lost with the process: nothing is reconciled there.
      let kept: SavedBatchUploadGroup | undefined
      let calls = 0
      const controller = new AbortController()
      const upload = uploadDevices(
        customer,
        {
          batchId: 'B',
          devices,
          chunkSize: 2,
          onBeforeSubmit(group) {
            if (++calls === call) {
              kept = JSON.parse(JSON.stringify(group))
              setTimeout(() => controller.abort(), 500)
            }
          },
        },
        { signal: controller.signal },
      )
      await rejection(elapse(upload))
      const group = await elapse(
        uploadDevices(customer, { batchId: 'B', devices, chunkSize: 2, resume: kept }),
      )
      const requests = requestsOf('createDeviceBatch', 'addDevicesToBatch')
      expect(requests).toHaveLength(5)
      expect(requests[call]!.headers['ms-requestid']).toBe(kept!.chunks[call - 1]!.requestId)
      expect(requests[call]!.operation).toBe(requests[call - 1]!.operation)
      expect(requests[call]!.location).toBe(requests[call - 1]!.location)
      const { rows, outcome } = await elapse(group.wait())
      expect(outcome).toBe('succeeded')
      const doubtful = rows.filter(({ delivery }) => delivery === 'cannot-tell').map(({ index }) => index)
      expect(doubtful).toEqual(
        devices.map((_, index) => index).filter((index) => Math.floor(index / 2) === call - 1),
      )
    },
  )

  test('refuses other or fewer devices before anything is sent', async () => {
    const { customer, requestsOf } = emulated()
    const resume = await killedAt(customer, 'after', 2)
    const sent = requestsOf('createDeviceBatch', 'addDevicesToBatch').length
    const other = (list: NewDevice[]) =>
      rejection(elapse(uploadDevices(customer, { batchId: 'B', devices: list, chunkSize: 2, resume })))
    const fix = 'Pass the same devices in the same order, or upload these without `resume`.'
    expect(await other([...devices.slice(0, 3), laptop('other'), ...devices.slice(4)])).toMatchObject({
      name: 'InvalidArgumentError',
      message: `\`devices\` do not match those of \`resume\`: those of request 2, positions 2 to 3, differ. ${fix}`,
    })
    expect(await other([devices[1]!, devices[0]!, ...devices.slice(2)])).toMatchObject({
      message: `\`devices\` do not match those of \`resume\`: those of request 1, positions 0 to 1, differ. ${fix}`,
    })
    expect(await other(devices.slice(0, 2))).toMatchObject({
      message: `\`devices\` do not match those of \`resume\`: there were at least 4, and now there are 2. ${fix}`,
    })
    expect(requestsOf('createDeviceBatch', 'addDevicesToBatch')).toHaveLength(sent)
  })

  test('keeps its requests as they were split, and splits the rest by the new limits', async () => {
    const { customer } = emulated()
    const resume = await killedAt(customer, 'after', 1)
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices, chunkSize: 3, resume }))
    expect(group.chunks.map(({ fromIndex, toIndex }) => [fromIndex, toIndex])).toEqual([
      [0, 2],
      [2, 5],
      [5, 7],
    ])
  })

  test('only reads the devices when everything was sent, and the group can be waited for', async () => {
    const { customer, emulator } = emulated()
    const first = await elapse(uploadDevices(customer, { batchId: 'B', devices, chunkSize: 2 }))
    const sent = emulator.requests.length
    const resume = JSON.parse(JSON.stringify(first)) as SavedBatchUploadGroup
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices, resume }))
    expect(emulator.requests).toHaveLength(sent)
    expect(group.toJSON()).toEqual(first.toJSON())
    expect((await elapse(group.wait())).outcome).toBe('succeeded')
  })

  test('resumes from the group of the error itself, and leaves its input unchanged', async () => {
    const { customer, emulator } = emulated()
    emulator.faults.add({ operation: 'addDevicesToBatch', skip: 1, effect: { kind: 'answer', status: 403 } })
    const upload = uploadDevices(customer, { batchId: 'B', devices, chunkSize: 2 })
    const { group } = await rejection<UploadInterruptedError>(elapse(upload))
    const kept = JSON.stringify(group)
    const whole = await elapse(
      uploadDevices(customer, { batchId: 'B', devices, chunkSize: 2, resume: group }),
    )
    expect(whole.chunks).toHaveLength(4)
    expect(JSON.stringify(group)).toBe(kept)
  })

  test('is not reconciled a second time', async () => {
    const { customer, emulator, requestsOf } = emulated()
    emulator.faults.add({ operation: 'createDeviceBatch', times: 2, effect: lost })
    emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 403 } })
    const upload = uploadDevices(customer, { batchId: 'B', devices, chunkSize: 4 })
    const { group, unsent } = await rejection<UploadInterruptedError>(elapse(upload))
    expect(unsent).toEqual({ fromIndex: 4, count: 3 })
    const sent = requestsOf('createDeviceBatch').length
    const whole = await elapse(
      uploadDevices(customer, { batchId: 'B', devices, chunkSize: 4, resume: group }),
    )
    expect(whole.chunks).toMatchObject([
      { settled: { didNotLand: [0, 1, 2, 3] } },
      { batchTrackingId: expect.any(String) },
    ])
    expect(requestsOf('createDeviceBatch')).toHaveLength(sent + 1)
  })

  test('stays in doubt when the service refuses the same request now', async () => {
    const { customer, emulator } = emulated()
    const resume = await killedAt(customer, 'before', 2)
    emulator.faults.add({ operation: 'addDevicesToBatch', effect: { kind: 'answer', status: 403 } })
    const upload = uploadDevices(customer, { batchId: 'B', devices, chunkSize: 2, resume })
    const error = await rejection<UploadInterruptedError>(elapse(upload))
    expect(error).toMatchObject({
      name: 'UploadInterruptedError',
      status: 403,
      isAmbiguous: true,
      unsent: { fromIndex: 4 },
    })
    expect(error.group.chunks).toMatchObject([
      { batchTrackingId: expect.any(String) },
      { requestId: resume.chunks[1]!.requestId },
    ])
  })
})

test('every call of an upload has its timeouts and IDs', async () => {
  const accepted: Answer = text(202, null, { Location: location })
  const { partner, sent } = partnerOn((one) => (one.method === 'GET' ? json(200, []) : accepted)(one))
  const correlationId = '66666666-2222-4333-8444-555555555555'
  const customer = partner.customers.byId(customerId)
  await elapse(
    uploadDevices(customer, { batchId: 'B', devices: laptops(2), chunkSize: 1 }, { correlationId }),
  )
  expect(sent.map(({ headers }) => headers['ms-correlationid'])).toEqual([
    correlationId,
    correlationId,
    correlationId,
  ])
  expect(new Set(sent.map(({ headers }) => headers['ms-requestid'])).size).toBe(3)

  const slow = partnerOn([json(200, []), () => new Promise(() => {})]).partner.customers.byId(customerId)
  const upload = uploadDevices(
    slow,
    { batchId: 'B', devices: laptops(1), settleTimeoutMs: 1 },
    { timeoutMs: 3_000 },
  )
  expect(await rejection(elapse(upload))).toMatchObject({
    name: 'UploadInterruptedError',
    code: 'timeout',
    isAmbiguous: true,
  })
})

test('every wait of an upload is reported to `observe`, with the IDs of what comes next', async () => {
  const { partner, sent, events } = partnerOn([
    json(200, { totalCount: 0, items: [] }),
    text(429, null, { 'Retry-After': '3' }),
    text(503, null),
    text(503, null),
    text(404, null),
    text(404, null),
  ])
  const group = await elapse(
    uploadDevices(
      partner.customers.byId(customerId),
      { batchId: 'B', devices: laptops(1), settleTimeoutMs: 7_000 },
      { correlationId },
    ),
  )
  expect(group.chunks[0]!.settled?.didNotLand).toEqual([0])
  const { requestId } = group.chunks[0]!
  const post = { method: 'POST', path: '/customers/{customerId}/deviceBatches', requestId, correlationId }
  const list = {
    method: 'GET',
    path: '/customers/{customerId}/deviceBatches/{batchId}/devices',
    reason: 'poll',
    correlationId,
  }
  const waits = events.filter(({ type }) => type === 'wait')
  expect(waits).toMatchObject([
    { ...post, reason: 'retry-after', delayMs: 3_000, attempt: 1 },
    { ...post, reason: 'server-error', delayMs: 1_000, attempt: 2 },
    { ...list, delayMs: 5_000, attempt: 1 },
    { ...list, delayMs: 2_000, attempt: 2 },
  ])
  const pauses = sent.slice(1).map(({ at }, index) => Math.round(at - sent[index]!.at))
  expect(pauses.filter((ms) => ms > 0)).toEqual([3_000, 1_000, 5_000, 2_000])
})
