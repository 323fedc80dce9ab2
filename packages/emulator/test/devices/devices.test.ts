import { createEmulator, documentedUpload } from '@devicebatch/emulator'
import type { EmulatorOptions } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { createCaller, customerId, laptop, otherCustomerId } from '../caller.ts'
import { wholeSnapshot } from '../whole-snapshot.ts'

const policyId = '15a04610-9229-4e80-94e0-0e826a09c9e2'
const otherPolicyId = 'b6e0b5ae-7b0e-4a4c-9d44-5f4a2d6c0a11'
const batches = `/v1/customers/${customerId}/deviceBatches`

interface DeviceDocument {
  id: string
  serialNumber?: string
  policies: { key: string; value: string | null }[]
}

/** An emulator with a policy for each customer, where every upload finishes after a second. */
async function emulate(options: EmulatorOptions = {}) {
  const emulator = createEmulator({
    startTime: '2030-01-01T00:00:00Z',
    timeScale: 0,
    queuedMs: 0,
    processingMs: 1_000,
    ...options,
  })
  emulator.seed({
    policies: [
      { customerId, id: policyId, name: 'Kiosk', policySettings: ['skip_eula'] },
      { customerId: otherCustomerId, id: otherPolicyId, name: 'Theirs' },
    ],
  })
  const caller = await createCaller(emulator.fetch)
  const devices = async (batchId = 'B'): Promise<DeviceDocument[]> => {
    const list = await caller.get(`${batches}/${batchId}/devices`)
    const { items }: { items: DeviceDocument[] } = await list.json()
    return items
  }
  const register = async (...uploaded: object[]): Promise<DeviceDocument[]> => {
    await caller.upload(uploaded, 'B')
    emulator.clock.advance(1_000)
    return devices()
  }
  return { emulator, caller, devices, register }
}

test('a policy set by ID is shown by its display name, in the response and in the list', async () => {
  const { caller, devices, register } = await emulate()
  const [device] = await register(laptop('A'))
  const policies = [{ key: 'o_o_b_e', value: policyId.toUpperCase() }]
  const answer = await caller.send('PUT', `${batches}/B/devices/${device?.id}`, { ...device, policies })
  expect(answer.status).toBe(200)
  const updated = { ...device, policies: [{ key: 'o_o_b_e', value: 'Kiosk' }] }
  expect(await answer.json()).toEqual(updated)
  expect(await devices()).toEqual([updated])
  const policy = await caller.get(`/v1/customers/${customerId}/policies/${policyId}`)
  expect(await policy.json()).toMatchObject({ devicesAssigned: 1 })
})

test('null removes a policy, and so does an update without one', async () => {
  const { caller, devices, register } = await emulate()
  const [device] = await register({ ...laptop('A'), policies: [{ key: 'OOBE', value: policyId }] })
  expect(device?.policies).toEqual([{ key: 'o_o_b_e', value: 'Kiosk' }])
  const path = `${batches}/B/devices/${device?.id}`
  await caller.send('PUT', path, { ...laptop('A'), policies: [{ key: 'o_o_b_e', value: null }] })
  expect((await devices())[0]?.policies).toEqual([{ key: 'o_o_b_e', value: null }])
  await caller.send('PUT', path, { ...laptop('A'), policies: [{ key: 'o_o_b_e', value: policyId }] })
  await caller.send('PUT', path, laptop('A'))
  expect((await devices())[0]?.policies).toEqual([{ key: 'o_o_b_e', value: null }])
})

test('an update replaces the device: omitted properties are removed', async () => {
  const { emulator, caller, devices, register } = await emulate()
  const [device] = await register({ ...laptop('A'), productKey: 'K1' })
  await caller.send('PUT', `${batches}/B/devices/${device?.id}`, { serialNumber: 'A' })
  const [updated] = await devices()
  expect(updated).toMatchObject({ id: device?.id, serialNumber: 'A' })
  for (const gone of ['productKey', 'modelName', 'oemManufacturerName']) {
    expect(updated).not.toHaveProperty(gone)
  }
  // The product key is free again.
  const again = await caller.upload([{ productKey: 'K1' }], 'Again')
  emulator.clock.advance(1_000)
  expect((await caller.status(again)).devicesStatus[0]).toMatchObject({ status: 'finished' })
})

test.for([
  ['the ID of another device', { id: 'x' }, 400, 'not the ID in the path'],
  [
    "another customer's policy",
    { policies: [{ key: 'o_o_b_e', value: otherPolicyId }] },
    400,
    'must be the ID of one of',
  ],
  [
    'the name of a policy in place of its ID',
    { policies: [{ key: 'o_o_b_e', value: 'Kiosk' }] },
    400,
    'must be the ID of one of',
  ],
  ['a category that is none', { policies: [{ key: 'x', value: null }] }, 400, 'must be o_o_b_e or none'],
  [
    'two policies of one category',
    { policies: [1, 2].map(() => ({ key: 'OOBE', value: policyId })) },
    400,
    'one policy for each category',
  ],
  ['policies that are a text', { policies: 'Kiosk' }, 400, 'policies must be an array'],
  ['the serial number of another device', { serialNumber: 'C' }, 409, 'Another device has'],
] as const)('an update with %s is refused and changes nothing', async ([, change, status, description]) => {
  const { caller, devices, register } = await emulate()
  const before = await register(laptop('A'), laptop('C'))
  const path = `${batches}/B/devices/${before[0]?.id}`
  const answer = await caller.send('PUT', path, { ...before[0], policies: [], ...change })
  expect(answer.status).toBe(status)
  expect(await answer.json()).toMatchObject({ description: expect.stringContaining(description) })
  expect(await devices()).toEqual(before)
})

test('a device recognized by its hardware hash is still recognized after an update', async () => {
  const { emulator, caller, register } = await emulate()
  const [device] = await register({ hardwareHash: 'T0hBAQ==' })
  await caller.send('PUT', `${batches}/B/devices/${device?.id}`, { serialNumber: 'A' })
  const path = await caller.upload([{ hardwareHash: 'T0hBAQ==' }, laptop('A')], 'Again')
  emulator.clock.advance(1_000)
  const { devicesStatus } = await caller.status(path)
  expect(devicesStatus.map(({ errorCode }) => errorCode)).toEqual(['806', '806'])
})

test('the documented devices can be written back unchanged', async () => {
  const { caller } = await emulate()
  const path = `/v1/customers/${documentedUpload.customerId}/deviceBatches/testbatch/devices`
  const { items }: { items: DeviceDocument[] } = await (await caller.get(path)).json()
  for (const device of items) {
    expect((await caller.send('PUT', `${path}/${device.id}`, device)).status).toBe(200)
  }
  expect(await (await caller.get(path)).json()).toMatchObject({ items })
})

test('deleting a device returns 204, removes it, and lets anyone register it', async () => {
  const { emulator, caller, devices, register } = await emulate()
  const [first] = await register(laptop('A'), laptop('C'))
  const answer = await caller.send('DELETE', `${batches}/B/devices/${first?.id}`)
  expect(answer.status).toBe(204)
  expect(await answer.text()).toBe('')
  expect((await devices()).map(({ serialNumber }) => serialNumber)).toEqual(['C'])
  expect(await (await caller.get(batches)).json()).toMatchObject({ items: [{ devicesCount: 1 }] })
  expect((await caller.send('DELETE', `${batches}/B/devices/${first?.id}`)).status).toBe(404)

  const elsewhere = await caller.upload([laptop('A')], 'Elsewhere', otherCustomerId)
  emulator.clock.advance(1_000)
  expect((await caller.status(elsewhere)).devicesStatus[0]).toMatchObject({ status: 'finished' })
})

test.for(['PUT', 'DELETE'])(
  '%s of a missing device gets a 404, and any text can be an ID',
  async (method) => {
    const { emulator, caller, register } = await emulate()
    const [device] = await register(laptop('A'))
    const body = method === 'PUT' ? laptop('A') : undefined
    const status = async (path: string) => (await caller.send(method, path, body)).status
    expect(await status(`${batches}/B/devices/unknown`)).toBe(404)
    expect(await status(`${batches}/None/devices/${device?.id}`)).toBe(404)
    const elsewhere = `/v1/customers/${otherCustomerId}/deviceBatches`
    expect(await status(`${elsewhere}/B/devices/${device?.id}`)).toBe(404)

    emulator.seed({ batches: [{ customerId, batchId: 'Seeded', devices: [{ id: 'a/b ?#%' }] }] })
    expect(await status(`${batches}/Seeded/devices/${encodeURIComponent('a/b ?#%')}`)).not.toBe(404)
  },
)

test('a device of an upload that is still processing cannot be updated or deleted', async () => {
  const { emulator, caller } = await emulate()
  await caller.upload([laptop('A')], 'B')
  const customer = wholeSnapshot(emulator).customers.find((candidate) => candidate.customerId === customerId)
  const path = `${batches}/B/devices/${customer?.batches[0]?.devices[0]?.id}`
  expect((await caller.send('DELETE', path)).status).toBe(404)
  emulator.clock.advance(1_000)
  expect((await caller.send('PUT', path, laptop('A'))).status).toBe(200)
  expect((await caller.send('DELETE', path)).status).toBe(204)
})

test('the policy of an upload applies when the device is registered, and an invalid one fails the device', async () => {
  const { emulator, caller } = await emulate()
  const withPolicy = (serialNumber: string, value: string) => ({
    ...laptop(serialNumber),
    policies: [{ key: 'o_o_b_e', value }],
  })
  const path = await caller.upload([
    withPolicy('A', policyId),
    withPolicy('C', customerId),
    withPolicy('D', otherPolicyId),
  ])
  emulator.clock.advance(1_000)
  const { devicesStatus } = await caller.status(path)
  expect(devicesStatus).toMatchObject([
    { status: 'finished' },
    { errorCode: '809', errorDescription: 'ZtdProfileIsNotRegistered' },
    { errorCode: '810', errorDescription: 'ZtdProfileAssignedToOtherTenant' },
  ])
})

test('a device whose policy was deleted has none', async () => {
  const { caller, devices, register } = await emulate()
  await register({ ...laptop('A'), policies: [{ key: 'o_o_b_e', value: policyId }] })
  await caller.send('DELETE', `/v1/customers/${customerId}/policies/${policyId}`)
  expect((await devices())[0]?.policies).toEqual([{ key: 'o_o_b_e', value: null }])
})
