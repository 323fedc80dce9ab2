import { createEmulator } from '@devicebatch/emulator'
import type { EmulatorOptions } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import documentedAddition from '../../../../spec/examples/add-devices-to-batch.request.json' with { type: 'json' }
import documentedCreation from '../../../../spec/examples/create-device-batch.request.json' with { type: 'json' }
import { createCaller, customerId, laptop, otherCustomerId } from '../caller.ts'

const batches = `/v1/customers/${customerId}/deviceBatches`
const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

async function emulate(options: EmulatorOptions = {}, grant?: 'client_credentials' | 'refresh_token') {
  const emulator = createEmulator({ timeScale: 0, queuedMs: 0, processingMs: 1_000, ...options })
  return { emulator, caller: await createCaller(emulator.fetch, grant) }
}

test('an upload gets a 202, no body, and a Location without host and without /v1', async () => {
  const { caller } = await emulate()
  const answer = await caller.post(batches, documentedCreation)
  expect(answer.status).toBe(202)
  expect(await answer.text()).toBe('')
  expect(answer.headers.get('Content-Length')).toBe('0')
  expect(answer.headers.get('Content-Type')).toBeNull()
  const [, prefix, trackingId] = /^(.*\/)([^/]+)$/.exec(answer.headers.get('Location') ?? '') ?? []
  expect(prefix).toBe(`/customers/${customerId}/batchJobStatus/`)
  expect(trackingId).toMatch(guid)
})

test('the documented requests, in Pascal case and with nulls, register their devices', async () => {
  const { emulator, caller } = await emulate()
  await caller.post(batches, documentedCreation)
  // In the documentation all three devices have the same product key, so only new keys can be registered.
  const addition = documentedAddition.map((device, index) => ({
    ...device,
    SerialNumber: `${device.SerialNumber}${index}`,
    ProductKey: null,
  }))
  const added = await caller.post(`${batches}/SDKTestDeviceBatch/devices`, addition)
  expect(added.status).toBe(202)
  emulator.clock.advance(1_000)
  const list = await caller.get(`${batches}/SDKTestDeviceBatch/devices`)
  const { items }: { items: { serialNumber: string }[] } = await list.json()
  const serialNumbers = items.map(({ serialNumber }) => serialNumber).toSorted()
  expect(serialNumbers).toEqual(['1R9-ZNP67', '2R9-ZNP670', '2R9-ZNP671'])
})

test('property names are accepted in any case, and a byte order mark before the body is ignored', async () => {
  const { emulator, caller } = await emulate()
  const body = '\uFEFF{"BATCHID":"B","devices":[{"SERIALNUMBER":"A","productkey":"K"}]}'
  const answer = await caller.post(batches, body)
  emulator.clock.advance(1_000)
  const { devicesStatus } = await caller.status(`/v1${answer.headers.get('Location')}`)
  expect(devicesStatus[0]).toMatchObject({ serialNumber: 'A', productKey: 'K', status: 'finished' })
})

test.for([
  ['half of a JSON text', '{', 'The request body is not valid JSON.'],
  ['nothing', '', 'The request body is empty; it must be JSON.'],
  ['an array', '[]', 'The request body must be an object.'],
  ['no batch ID', { devices: [laptop('A')] }, 'batchId is required'],
  ['an empty batch ID', { batchId: '', devices: [laptop('A')] }, 'batchId is required'],
  ['no devices', { batchId: 'B' }, 'devices must be an array of devices.'],
  ['an empty list', { batchId: 'B', devices: [] }, 'devices must contain at least one device.'],
  ['a device that is not an object', { batchId: 'B', devices: ['A'] }, 'Device 0 must be an object.'],
  [
    'a serial number that is a number',
    { batchId: 'B', devices: [{ serialNumber: 5 }] },
    'serialNumber must be a string',
  ],
  [
    'a serial number alone',
    { batchId: 'B', devices: [laptop('A'), { serialNumber: 'B' }] },
    'Device 1 identifies no',
  ],
  ...['oemManufacturerName', 'modelName'].map(
    (missing) =>
      [
        `a device without ${missing}`,
        { batchId: 'B', devices: [{ ...laptop('A'), [missing]: null }] },
        'Device 0 identifies no device',
      ] as const,
  ),
] as const)('an upload with %s is answered with 400 and registers nothing', async ([, body, description]) => {
  const { caller } = await emulate()
  const answer = await caller.post(batches, body)
  expect(answer.status).toBe(400)
  expect(await answer.json()).toEqual({
    code: 800002,
    description: expect.stringContaining(description),
    data: [],
    source: 'PartnerFD',
  })
  const list = await caller.get(batches)
  expect(await list.json()).toMatchObject({ totalCount: 0 })
})

test.for([
  ['hardwareHash', { hardwareHash: 'T0hB' }],
  ['productKey', { productKey: '00329-00000-0003-AA606' }],
  ['serialNumber, manufacturer and model', laptop('A')],
] as const)('a device is identified by %s', async ([, device]) => {
  const { caller } = await emulate()
  expect((await caller.post(batches, { batchId: 'B', devices: [device] })).status).toBe(202)
})

test('a body that is too large gets a 400, with and without a declared length', async () => {
  const { caller } = await emulate({ maxBodyBytes: 1_000 })
  const body = JSON.stringify({ batchId: 'B', devices: [laptop('A'.repeat(1_000))] })
  for (const headers of [{}, { 'Content-Length': `${body.length}` }]) {
    const answer = await caller.post(batches, body, headers)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ description: expect.stringContaining('up to 1000 bytes') })
  }
})

test('a batch ID that is in use gets a 409, but another customer can use it', async () => {
  const { caller } = await emulate()
  await caller.upload([laptop('A')], 'B')
  expect((await caller.post(batches, { batchId: 'B', devices: [laptop('C')] })).status).toBe(409)
  const elsewhere = `/v1/customers/${otherCustomerId}/deviceBatches`
  expect((await caller.post(elsewhere, { batchId: 'B', devices: [laptop('C')] })).status).toBe(202)
})

test('devices can be added only to an existing batch', async () => {
  const { caller } = await emulate()
  const answer = await caller.post(`${batches}/None/devices`, [laptop('A')])
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ code: 1000 })
})

test('a repeated MS-RequestId gets the first Location and starts nothing, in creating and in adding', async () => {
  const { emulator, caller } = await emulate()
  const ids = { 'MS-RequestId': 'c245d5f2-1de3-4ae0-9e42-95e38e3cb8ff' }
  const creation = { batchId: 'B', devices: [laptop('A')] }
  const first = await caller.post(batches, creation, ids)
  const second = await caller.post(batches, creation, ids)
  expect(second.status).toBe(202)
  expect(second.headers.get('Location')).toBe(first.headers.get('Location'))

  const addIds = { 'MS-RequestId': 'e286d69b-7f5f-4098-8999-21d3b54e4e47' }
  const added = await caller.post(`${batches}/B/devices`, [laptop('C')], addIds)
  const addedAgain = await caller.post(`${batches}/B/devices`, [laptop('C')], addIds)
  expect(addedAgain.headers.get('Location')).toBe(added.headers.get('Location'))
  expect(added.headers.get('Location')).not.toBe(first.headers.get('Location'))

  emulator.clock.advance(1_000)
  const list = await caller.get(`${batches}/B/devices`)
  expect(await list.json()).toMatchObject({ totalCount: 2 })
})

test('a repeated MS-RequestId is processed again when deduplicate is off', async () => {
  const { caller } = await emulate({ quirks: { deduplicate: false } })
  await caller.upload([laptop('A')], 'B')
  const ids = { 'MS-RequestId': 'c245d5f2-1de3-4ae0-9e42-95e38e3cb8ff' }
  const first = await caller.post(`${batches}/B/devices`, [laptop('C')], ids)
  const second = await caller.post(`${batches}/B/devices`, [laptop('C')], ids)
  expect(second.headers.get('Location')).not.toBe(first.headers.get('Location'))
})

test("an app-only token may not create a batch unless appOnlyMayCreate is on, and a user's token may", async () => {
  const creation = { batchId: 'B', devices: [laptop('A')] }
  const app = await emulate({}, 'client_credentials')
  const refused = await app.caller.post(batches, creation)
  expect(refused.status).toBe(403)
  expect(await refused.json()).toMatchObject({ code: 900150 })

  const older = await emulate({ quirks: { appOnlyMayCreate: true } }, 'client_credentials')
  expect((await older.caller.post(batches, creation)).status).toBe(202)
  const user = await emulate()
  expect((await user.caller.post(batches, creation)).status).toBe(202)
})

test('the list of batches counts the devices that are registered by now', async () => {
  const { emulator, caller } = await emulate({ startTime: '2030-01-01T00:00:00Z' })
  await caller.upload([laptop('A'), laptop('EMU808-1'), laptop('C'), laptop('D')], 'Test batch')
  const batch = {
    id: 'Test batch',
    creationDate: '2030-01-01T00:00:00',
    devicesLink: {
      uri: `/customers/${customerId}/deviceBatches/Test batch/devices`,
      method: 'GET',
      headers: [],
    },
    attributes: { objectType: 'DeviceBatch' },
  }
  const list = { totalCount: 1, attributes: { objectType: 'Collection' } }
  emulator.clock.advance(500)
  expect(await (await caller.get(batches)).json()).toEqual({
    ...list,
    items: [{ ...batch, status: 'processing', devicesCount: 1 }],
  })
  emulator.clock.advance(500)
  expect(await (await caller.get(batches)).json()).toEqual({
    ...list,
    items: [{ ...batch, status: 'finished', devicesCount: 3 }],
  })
  expect((await caller.get(`${batches}/Test%20batch/devices`)).status).toBe(200)
})

test('the devices of a batch come 100 at a time, the next ones for the token of the last', async () => {
  const { emulator, caller } = await emulate()
  await caller.upload(
    Array.from({ length: 250 }, (_, index) => laptop(`SN${index}`)),
    'B',
  )
  emulator.clock.advance(1_000)
  const serialNumbers: string[] = []
  const pages: number[] = []
  let continuationToken: string | undefined
  do {
    const headers = continuationToken === undefined ? {} : { 'MS-ContinuationToken': continuationToken }
    const answer = await caller.get(`${batches}/B/devices`, headers)
    const page: { items: { serialNumber: string }[]; continuationToken?: string } = await answer.json()
    pages.push(page.items.length)
    serialNumbers.push(...page.items.map(({ serialNumber }) => serialNumber))
    continuationToken = page.continuationToken
  } while (continuationToken !== undefined && pages.length < 5)
  expect(pages).toEqual([100, 100, 50])
  expect(new Set(serialNumbers).size).toBe(250)
})

test('a continuation token that the list did not issue gets a 400', async () => {
  const { caller } = await emulate()
  await caller.upload([laptop('A')], 'B')
  expect((await caller.get(`${batches}/B/devices`, { 'MS-ContinuationToken': 'mine' })).status).toBe(400)
})

test('a listed device has an ID, no hardware hash, and a time with seven digits and an offset', async () => {
  const { emulator, caller } = await emulate({ startTime: '2030-01-01T00:00:00Z' })
  const path = await caller.upload([{ ...laptop('A'), hardwareHash: 'T0hB' }], 'B')
  emulator.clock.advance(1_000)
  const { devicesStatus } = await caller.status(path)
  const list = await caller.get(`${batches}/B/devices`)
  const { items }: { items: unknown[] } = await list.json()
  expect(items).toEqual([
    {
      id: devicesStatus[0]?.deviceId,
      ...laptop('A'),
      policies: [{ key: 'o_o_b_e', value: null }],
      uploadedDate: '2030-01-01T00:00:00.0000000+00:00',
      attributes: { objectType: 'Device' },
    },
  ])
})

test('the devices of a missing batch cannot be listed', async () => {
  const { caller } = await emulate()
  expect((await caller.get(`${batches}/None/devices`)).status).toBe(404)
})
