/** Sending devices and their policies. */
import { expect, test } from 'vitest'

import { customerId, device, soon } from '../shared/samples.ts'
import { partnerOf, rejection, startEmulator } from './lab.ts'

const batchId = 'Büro 東京 #1? 100% 💻'

test('a new batch is accepted, and its upload has the IDs to save', async () => {
  const emulator = await startEmulator()
  const { deviceBatches } = partnerOf(emulator).customers.byId(customerId)
  const upload = await deviceBatches.create({ batchId, devices: [device('A-1')] })
  const [request] = await emulator.requests('createDeviceBatch')
  expect(request).toMatchObject({ method: 'POST', path: `/v1/customers/${customerId}/deviceBatches` })
  expect(request!.headers['content-type']).toMatch(/^application\/json/)
  expect(JSON.parse(request!.body!)).toEqual({ batchId, devices: [device('A-1')] })
  expect(request!.location).toBe(`/customers/${customerId}/batchJobStatus/${upload.batchTrackingId}`)
  expect(JSON.parse(JSON.stringify(upload))).toEqual({ customerId, batchTrackingId: upload.batchTrackingId })
})

test('members of an API object that do not identify a device are not sent', async () => {
  const emulator = await startEmulator()
  const { deviceBatches } = partnerOf(emulator).customers.byId(customerId)
  const listed = {
    ...device('A-1'),
    id: 'x',
    uploadedDate: '0001-01-01T00:00:00',
    allowedOperations: ['GET'],
  }
  await deviceBatches.create({ batchId, devices: [listed] })
  const [request] = await emulator.requests('createDeviceBatch')
  expect(JSON.parse(request!.body!)).toEqual({ batchId, devices: [device('A-1')] })
})

test('devices are added to a batch whose name has every kind of character', async () => {
  const emulator = await startEmulator()
  const { deviceBatches } = partnerOf(emulator).customers.byId(customerId)
  await deviceBatches.create({ batchId, devices: [device('A-1')] })
  await emulator.advance(60_000)
  const { devices } = deviceBatches.byId(batchId)
  await devices.add([device('A-2'), { hardwareHash: 'A'.repeat(4000) }])
  await emulator.advance(60_000)
  const [request] = await emulator.requests('addDevicesToBatch')
  expect(request!.path).toBe(
    `/v1/customers/${customerId}/deviceBatches/${encodeURIComponent(batchId)}/devices`,
  )
  expect((await devices.list().toArray()).map(({ serialNumber }) => serialNumber)).toEqual([
    'A-1',
    'A-2',
    undefined,
  ])
})

test('1,000 devices with hardware hashes fit in one upload', async () => {
  const emulator = await startEmulator()
  const { deviceBatches } = partnerOf(emulator).customers.byId(customerId)
  const devices = Array.from({ length: 1000 }, (_, number) => ({
    hardwareHash: String(number).padStart(4000, 'A'),
    serialNumber: `A-${number}`,
  }))
  const upload = await deviceBatches.create({ batchId, devices })
  await emulator.advance(60_000)
  expect(await upload.wait(soon)).toMatchObject({ outcome: 'succeeded', counts: { total: 1000 } })
})

test.each([
  ['a device that nothing identifies', { batchId, devices: [{ serialNumber: 'A-1' }] }],
  ['an upload without devices', { batchId, devices: [] }],
  ['a batch without a name', { batchId: '', devices: [device('A-1')] }],
  ['a name that would change the path', { batchId: 'a/b', devices: [device('A-1')] }],
])('%s is refused before any request', async (_, request) => {
  const emulator = await startEmulator()
  const { deviceBatches } = partnerOf(emulator).customers.byId(customerId)
  const error = await rejection(() => deviceBatches.create(request as never))
  expect(error).toMatchObject({ code: 'invalid-argument' })
  expect(await emulator.requests('getToken')).toEqual([])
  expect(await emulator.requests()).toEqual([])
})

test('a saved request ID repeats the same upload', async () => {
  const emulator = await startEmulator()
  const { deviceBatches } = partnerOf(emulator).customers.byId(customerId)
  const requestId = crypto.randomUUID()
  const request = { batchId, devices: [device('A-1')] }
  const first = await deviceBatches.create(request, { requestId })
  const second = await deviceBatches.create(request, { requestId })
  expect(second.batchTrackingId).toBe(first.batchTrackingId)
})

test('a device is replaced and deleted', async () => {
  const emulator = await startEmulator()
  const { deviceBatches } = partnerOf(emulator).customers.byId(customerId)
  await emulator.seed({
    batches: [{ customerId, batchId, devices: [{ id: 'a b-c', serialNumber: 'A-1' }] }],
  })
  const { devices } = deviceBatches.byId(batchId)
  const [listed] = await devices.list().toArray()
  const one = devices.byId(listed!.id)
  expect(await one.update({ id: listed!.id, serialNumber: 'A-1', modelName: 'Tablet 4' })).toMatchObject({
    id: 'a b-c',
  })
  await one.delete()
  expect(await devices.list().toArray()).toEqual([])
  expect((await emulator.requests()).map(({ method }) => method)).toEqual(['GET', 'PUT', 'DELETE', 'GET'])
})

test('a policy is created, read, changed, applied to a device and deleted', async () => {
  const emulator = await startEmulator()
  const { configurationPolicies, deviceBatches, devicePolicy } =
    partnerOf(emulator).customers.byId(customerId)
  const policySettings = ['skip_eula', 'skip_express_settings']
  const created = await configurationPolicies.create({
    name: 'Kiosk',
    category: 'o_o_b_e',
    policySettings,
  })
  const policy = configurationPolicies.byId(created.id)
  expect(await policy.get()).toMatchObject({ name: 'Kiosk', policySettings })
  const changed = { id: created.id, name: 'Kiosk 2', category: 'o_o_b_e', policySettings: ['skip_eula'] }
  expect(await policy.update(changed)).toMatchObject({ name: 'Kiosk 2', policySettings: ['skip_eula'] })

  await emulator.seed({ batches: [{ customerId, batchId, devices: [{ id: 'D-1', serialNumber: 'A-1' }] }] })
  const update = await devicePolicy.update([{ id: 'D-1', policies: [{ key: 'o_o_b_e', value: created.id }] }])
  await emulator.advance(60_000)
  expect(await update.wait(soon)).toMatchObject({ outcome: 'succeeded' })
  const [device] = await deviceBatches.byId(batchId).devices.list().toArray()
  expect(device!.policies).toEqual([{ key: 'o_o_b_e', value: 'Kiosk 2' }])

  await policy.delete()
  const names = (await configurationPolicies.list().toArray()).map(({ name }) => name)
  expect(names).not.toContain('Kiosk 2')
})

test('openapi-fetch works the same way: typed data, or the error with the response', async () => {
  const emulator = await startEmulator()
  const { api } = partnerOf(emulator)
  const path = { customerId, batchTrackingId: customerId }
  await emulator.fail({ operation: 'getBatchUploadStatus', effect: { kind: 'answer', status: 503 } })
  const { data, error, response } = await api.GET(
    '/customers/{customerId}/batchJobStatus/{batchTrackingId}',
    { params: { path } },
  )
  expect(data).toBeUndefined()
  expect(error).toMatchObject({ code: 1000 })
  expect(response.status).toBe(404)
  const ids = (await emulator.requests()).map(({ headers }) => headers['ms-requestid'])
  expect(ids).toEqual([ids[0], ids[0]])
})
