import { createEmulator } from '@devicebatch/emulator'
import type { FaultEffect } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import documentedRequest from '../../../../spec/examples/update-devices-with-policy.request.json' with { type: 'json' }
import { createCaller, customerId, otherCustomerId } from '../caller.ts'

const policyId = '15a04610-9229-4e80-94e0-0e826a09c9e2'
const otherPolicyId = 'b6e0b5ae-7b0e-4a4c-9d44-5f4a2d6c0a11'
const updates = `/v1/customers/${customerId}/DevicePolicyUpdates`
const documentedDevice = '9993-8627-3608-6844-6369-4361-72'

/** An emulator with two devices and a policy, where every job is queued for a second and processed for four. */
async function emulate() {
  const emulator = createEmulator({
    startTime: '2030-01-01T00:00:00Z',
    timeScale: 0,
    queuedMs: 1_000,
    processingMs: 4_000,
  })
  emulator.seed({
    policies: [
      { customerId, id: policyId, name: 'Kiosk' },
      { customerId: otherCustomerId, id: otherPolicyId, name: 'Theirs' },
    ],
    batches: [
      {
        customerId,
        batchId: 'B',
        devices: [{ id: documentedDevice, serialNumber: 'A', productKey: 'K1' }, { id: 'second' }],
      },
      { customerId: otherCustomerId, batchId: 'B', devices: [{ id: 'theirs' }] },
    ],
  })
  const caller = await createCaller(emulator.fetch)
  const start = async (body: unknown, headers = {}): Promise<string> => {
    const answer = await caller.send('PATCH', updates, body, headers)
    expect(answer.status).toBe(202)
    return `/v1${answer.headers.get('Location')}`
  }
  const policiesOf = async (): Promise<(string | null | undefined)[]> => {
    const list = await caller.get(`/v1/customers/${customerId}/deviceBatches/B/devices`)
    const { items }: { items: { policies: { value: string | null }[] }[] } = await list.json()
    return items.map(({ policies }) => policies[0]?.value)
  }
  return { emulator, caller, start, policiesOf }
}

const assign = (id: string, value: string | null) => ({ id, policies: [{ key: 'o_o_b_e', value }] })

test('the documented request gets a 202, no body, and a Location to poll', async () => {
  const { caller } = await emulate()
  const answer = await caller.send('PATCH', updates, documentedRequest)
  expect(answer.status).toBe(202)
  expect(await answer.text()).toBe('')
  expect(answer.headers.get('Location')).toMatch(
    new RegExp(`^/customers/${customerId}/batchJobStatus/[\\da-f-]{36}$`),
  )
})

test('a policy update is polled like an upload, and its devices change one after another', async () => {
  const { emulator, caller, start, policiesOf } = await emulate()
  const path = await start({ devices: [assign(documentedDevice, policyId), assign('second', policyId)] })
  const seen = async () => {
    const { status, devicesStatus } = await caller.status(path)
    return [status, ...devicesStatus.map((device) => device.status), ...(await policiesOf())]
  }
  expect(await seen()).toEqual(['queued', 'queued', 'queued', null, null])
  emulator.clock.advance(3_000)
  expect(await seen()).toEqual(['processing', 'finished', 'processing', 'Kiosk', null])
  emulator.clock.advance(2_000)
  expect(await seen()).toEqual(['finished', 'finished', 'finished', 'Kiosk', 'Kiosk'])
  expect((await caller.status(path)).devicesStatus[0]).toEqual({
    deviceId: documentedDevice,
    serialNumber: 'A',
    productKey: 'K1',
    status: 'finished',
    attributes: { objectType: 'DeviceUploadDetails' },
  })
})

test("a missing device, a missing policy and another customer's policy fail with 807, 809 and 810", async () => {
  const { emulator, caller, start, policiesOf } = await emulate()
  const path = await start({
    devices: [
      assign('unknown', policyId),
      assign('theirs', policyId),
      assign(documentedDevice, customerId),
      assign('second', otherPolicyId),
    ],
  })
  emulator.clock.advance(5_000)
  const { status, devicesStatus } = await caller.status(path)
  expect(status).toBe('finished')
  expect(devicesStatus).toMatchObject([
    { deviceId: 'unknown', errorCode: '807', errorDescription: 'ZtdDeviceIsNotRegistered' },
    { deviceId: 'theirs', errorCode: '807' },
    { deviceId: documentedDevice, errorCode: '809', errorDescription: 'ZtdProfileIsNotRegistered' },
    { deviceId: 'second', errorCode: '810', errorDescription: 'ZtdProfileAssignedToOtherTenant' },
  ])
  expect(await policiesOf()).toEqual([null, null])
})

test('null removes the policy', async () => {
  const { emulator, start, policiesOf } = await emulate()
  await start({ devices: [assign(documentedDevice, policyId)] })
  emulator.clock.advance(5_000)
  await start({ devices: [assign(documentedDevice, null)] })
  expect(await policiesOf()).toEqual(['Kiosk', null])
  emulator.clock.advance(5_000)
  expect(await policiesOf()).toEqual([null, null])
})

test('a policy update belongs to no batch and changes no batch status', async () => {
  const { caller, start } = await emulate()
  await start({ devices: [assign(documentedDevice, policyId)] })
  const list = await caller.get(`/v1/customers/${customerId}/deviceBatches`)
  expect(await list.json()).toMatchObject({ totalCount: 1, items: [{ id: 'B', status: 'finished' }] })
})

test('another customer cannot poll a policy update', async () => {
  const { caller, start } = await emulate()
  const path = await start({ devices: [assign(documentedDevice, policyId)] })
  expect((await caller.get(path.replace(customerId, otherCustomerId))).status).toBe(404)
})

test.for([
  ['no devices', {}, 'devices must be an array'],
  ['an empty list', { devices: [] }, 'at least one device'],
  ['a bare array', [assign('A', policyId)], 'must be an object'],
  ['a device without ID', { devices: [{ policies: [] }] }, 'Device 0 needs an ID'],
  ['a device without policies', { devices: [{ id: 'A' }] }, 'Device 0 needs policies'],
  ['a category that is none', { devices: [{ id: 'A', policies: [{ key: 'x' }] }] }, 'o_o_b_e or none'],
] as const)('a policy update with %s is answered with 400', async ([, body, description]) => {
  const { caller } = await emulate()
  const answer = await caller.send('PATCH', updates, body)
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ description: expect.stringContaining(description) })
})

test('a repeated MS-RequestId gets the first Location', async () => {
  const { start } = await emulate()
  const ids = { 'MS-RequestId': '1b658428-5afa-46d4-af86-c9c6af5634e2' }
  const body = { devices: [assign(documentedDevice, policyId)] }
  expect(await start(body, ids)).toBe(await start(body, ids))
})

test('a policy update can be stuck', async () => {
  const { emulator, caller, start, policiesOf } = await emulate()
  const effect: FaultEffect = { kind: 'stuck' }
  emulator.faults.add({ operation: 'updateDevicesWithPolicy', effect })
  const path = await start({ devices: [assign(documentedDevice, policyId), assign('second', policyId)] })
  emulator.clock.advance(3_000_000)
  expect((await caller.status(path)).status).toBe('processing')
  expect(await policiesOf()).toEqual(['Kiosk', null])
})
