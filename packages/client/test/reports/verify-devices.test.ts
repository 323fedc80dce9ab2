import { summarize, uploadDevices, verifyDevices } from '@devicebatch/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { fixed } from '../../../emulator/test/profile.ts'
import {
  batchTrackingId,
  customerId,
  elapse,
  emulated,
  json,
  moveTime,
  partnerOn,
  rejection,
} from '../helpers.ts'
import { done, finished, groupOn, laptop } from '../uploads/group.ts'

const nothingFound = { present: [], absent: [], alreadyPresent: [], elsewhere: [], cannotTell: [] }

beforeEach(moveTime)
afterEach(() => {
  vi.useRealTimers()
})

test('a report is compared with the batch, page by page', async () => {
  const { customer, requestsOf } = emulated({ quirks: fixed.pages })
  const devices = Array.from({ length: 250 }, (_, index) => laptop(`S-${index}`))
  const first = await elapse(uploadDevices(customer, { batchId: 'B', devices: devices.slice(0, 5) }))
  await elapse(first.wait())
  const group = await elapse(
    uploadDevices(customer, { batchId: 'B', devices: [...devices, laptop('EMU808-1')], chunkSize: 100 }),
  )
  const report = await elapse(group.wait())
  const listed = await customer.deviceBatches.byId('B').devices.list().toArray()
  await customer.deviceBatches.byId('B').devices.byId(listed[7]!.id).delete()

  const found = await verifyDevices(customer, 'B', report)
  expect(found.present).toHaveLength(244)
  expect(found.absent.map(({ serialNumber }) => serialNumber)).toEqual([listed[7]!.serialNumber])
  expect(found.alreadyPresent).toHaveLength(5)
  expect(new Set(found.alreadyPresent.map(({ serialNumber }) => serialNumber))).toEqual(
    new Set(['S-0', 'S-1', 'S-2', 'S-3', 'S-4']),
  )
  expect([found.elsewhere, found.cannotTell]).toEqual([[], []])
  expect(requestsOf('listDevices')).toHaveLength(6)
})

test('a device that was sent with a product key only is not called absent when the list has no product keys', async () => {
  const { group } = await groupOn([{ productKey: '0123456789012' }], 1, (at) =>
    finished(at, [{ productKey: '0123456789012', status: 'finished' }]),
  )
  const report = await elapse(group.wait())
  const verify = (...items: object[]) => {
    const { partner } = partnerOn(json(200, { totalCount: items.length, items }))
    return verifyDevices(partner.customers.byId(customerId), 'B', report)
  }
  const unclear = await verify({ id: 'd1', serialNumber: 'S-1' })
  expect(unclear).toEqual({ ...nothingFound, cannotTell: report.devices })
  const absent = await verify({ id: 'd1', productKey: '0123456789999' })
  expect(absent).toEqual({ ...nothingFound, absent: report.devices })
})

test('every device of a report is in the list where it belongs, or in none', async () => {
  const { partner } = partnerOn(
    json(200, {
      items: [
        { id: 'id-1', serialNumber: 'other' },
        { id: 'x', serialNumber: ' s-2 ' },
        { id: 'y', productKey: 'K-3' },
        { id: 'z', serialNumber: 'twice', productKey: 'one' },
        { id: 'w', serialNumber: 's-9', productKey: 'K-9' },
        { id: 'v', serialNumber: 's-7', productKey: 'k-7' },
      ],
    }),
  )
  const row = (name: string, status: string, more: object = {}) => ({ serialNumber: name, status, ...more })
  const rows = {
    byId: row('S-1', 'finished', { deviceId: 'id-1' }),
    bySerial: row('S-2', 'finished'),
    byKeyToo: { ...row('S-7', 'finished'), productKey: 'K-7' },
    byKey: { productKey: 'k-3', status: 'finished' },
    absent: row('S-4', 'finished'),
    elsewhere: row('S-5', 'finished_with_errors', { errorCode: '806' }),
    failed: row('S-6', 'finished_with_errors', { errorCode: '808' }),
    nameless: { status: 'finished' },
    oneOfTwo: row('twice', 'finished'),
    theOther: row('twice', 'finished_with_errors', { errorCode: '806' }),
    failedAndThere: row('S-9', 'finished_with_errors', { errorCode: '808', productKey: 'K-9' }),
  }
  const unresolved = row('S-9', 'processing', { productKey: 'K-9' })
  const customer = partner.customers.byId(customerId)
  const report = (list: object[]) => summarize({ batchTrackingId, status: 'finished', devicesStatus: list })
  expect(await verifyDevices(customer, 'B', report(Object.values(rows)))).toEqual({
    present: [rows.byId, rows.byKeyToo, rows.byKey],
    absent: [rows.absent],
    alreadyPresent: [rows.failedAndThere],
    elsewhere: [rows.elsewhere],
    cannotTell: [rows.bySerial, rows.nameless, rows.oneOfTwo, rows.theOther],
  })
  expect((await verifyDevices(customer, 'B', report([unresolved]))).present).toEqual([unresolved])
})

test.each([
  ['present', {}],
  ['absent', { modelName: 'Tablet 4' }],
  ['cannotTell', { modelName: undefined, oemManufacturerName: undefined }],
])(
  'a device of a group with a placeholder for its serial number is %s when the batch lists it with %j',
  async (name, more) => {
    const device = laptop('Default string')
    const { group } = await groupOn([device], 1, () => finished(0, [done('Default string')]))
    const report = await elapse(group.wait())
    const { partner } = partnerOn(json(200, { items: [{ id: 'a', ...device, ...more }] }))
    expect(await verifyDevices(partner.customers.byId(customerId), 'B', report)).toEqual({
      ...nothingFound,
      [name]: report.devices,
    })
  },
)

test('it rejects with the error of the list, and accepts timeouts for it', async () => {
  const { partner, sent } = partnerOn(json(404, { code: 1000 }))
  const customer = partner.customers.byId(customerId)
  const report = summarize({ batchTrackingId, status: 'finished' })
  expect(await rejection(verifyDevices(customer, 'B', report))).toMatchObject({ code: 'api', status: 404 })
  const reason = { mine: true }
  const options = { signal: AbortSignal.abort(reason) }
  expect(await rejection(verifyDevices(customer, 'B', report, options))).toBe(reason)
  expect(await rejection(verifyDevices(customer, '..', report))).toMatchObject({ code: 'invalid-argument' })
  expect(sent).toHaveLength(1)
})
