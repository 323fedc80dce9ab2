import { describe, expect, test } from 'vitest'

import type { Answer } from '../helpers.ts'
import {
  batchTrackingId,
  customerId,
  json,
  location,
  origin,
  otherCustomerId,
  partnerOn,
  rejection,
  text,
  thrown,
} from '../helpers.ts'

const triple = { serialNumber: '1R9-ZNP67', oemManufacturerName: 'Contoso', modelName: 'Tablet 3' }
const accepted = text(202, null, { Location: location })
const policies = [{ key: 'o_o_b_e', value: otherCustomerId }]

function devicesOn(answers: Answer | Answer[], batchId = 'Test batch') {
  const { partner, sent, events } = partnerOn(answers, { retry: false })
  const { deviceBatches } = partner.customers.byId(customerId)
  return { deviceBatches, devices: deviceBatches.byId(batchId).devices, sent, events }
}
const url = `${origin}/v1/customers/${customerId}/deviceBatches/Test%20batch/devices`

describe('adding devices to a batch', () => {
  test('sends one POST with the bare array of devices, and returns the upload', async () => {
    const { devices, sent } = devicesOn(accepted)
    const upload = await devices.add([triple, { productKey: 'K', policies }])
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ method: 'POST', url, body: [triple, { productKey: 'K', policies }] })
    expect(sent[0]!.headers).toMatchObject({ 'content-type': 'application/json', accept: 'application/json' })
    expect(upload.toJSON()).toEqual({ customerId, batchTrackingId })
  })

  test("sends a device's identifiers and policies, and nothing empty", async () => {
    const { devices, sent } = devicesOn(accepted)
    const row = { ...triple, productKey: null, policies: [], uploadedDate: '0001-01-01T00:00:00', id: 'x' }
    await devices.add([row])
    expect(sent[0]!.body).toEqual([triple])
  })

  test('accepts IDs and timeouts for one call', async () => {
    const requestId = '66666666-2222-4333-8444-555555555555'
    const { devices } = devicesOn(text(503, null))
    expect(await rejection(devices.add([triple], { requestId }))).toMatchObject({
      code: 'api',
      status: 503,
      requestId,
      isAmbiguous: true,
      path: '/customers/{customerId}/deviceBatches/{batchId}/devices',
    })
  })

  test.each<[string, Answer, object]>([
    ['404', json(404, { code: 1000 }), { code: 'api', status: 404, isAmbiguous: false }],
    ['an acceptance without a Location', text(202, null), { code: 'response', isAmbiguous: true }],
  ])('rejects with the error of the call: %s', async (_, answer, expected) => {
    const { devices } = devicesOn(answer)
    expect(await rejection(devices.add([triple]))).toMatchObject(expected)
  })

  test.each<[unknown, string]>([
    [undefined, '`devices` must be an array of devices; got undefined.'],
    [[], '`devices` must contain at least one device.'],
    [triple, '`devices` must be an array of devices; got object.'],
    [
      [triple, { serialNumber: 'S' }],
      '`devices[1]` identifies no device: it needs hardwareHash, or productKey,',
    ],
    [[{ productKey: 'K', modelName: 5 }], '`devices[0].modelName` must be text; got 5.'],
  ])('refuses %j before anything is sent', async (list, message) => {
    const { devices, sent } = devicesOn(accepted)
    const error = await rejection(devices.add(list as never))
    expect(error).toMatchObject({ code: 'invalid-argument' })
    expect(error.message).toContain(message)
    expect(sent).toEqual([])
  })
})

describe('a batch and a device by their names', () => {
  test.each(['', '.', '..', 'a/b', 'a\\b', 'a\nb', undefined, 5])('%j is refused', (name) => {
    const { deviceBatches, devices } = devicesOn(accepted)
    expect(thrown(() => deviceBatches.byId(name as string))).toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(/^`batchId` must be a non-empty string/),
    })
    expect(thrown(() => devices.byId(name as string))).toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(/^`deviceId` must be a non-empty string/),
    })
  })

  test('may be any other text, which is encoded', async () => {
    const { deviceBatches, sent } = devicesOn(text(204, null))
    const batch = deviceBatches.byId('Lager 1 & 2 ?#%')
    expect(batch.batchId).toBe('Lager 1 & 2 ?#%')
    const device = batch.devices.byId('9993-8627-3608')
    expect(device.deviceId).toBe('9993-8627-3608')
    await device.delete()
    expect(sent[0]!.url).toBe(
      `${origin}/v1/customers/${customerId}/deviceBatches/Lager%201%20%26%202%20%3F%23%25/devices/9993-8627-3608`,
    )
  })
})

describe('updating a device', () => {
  const answer = json(200, { id: 'D', serialNumber: 'S', policies: [{ key: 'o_o_b_e', value: 'Name' }] })

  test('sends one PUT with the whole device and its ID, and returns the response', async () => {
    const { devices, sent } = devicesOn(answer)
    expect(await devices.byId('D').update({ ...triple, id: 'D', policies })).toEqual({
      id: 'D',
      serialNumber: 'S',
      policies: [{ key: 'o_o_b_e', value: 'Name' }],
    })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ method: 'PUT', url: `${url}/D`, body: { ...triple, policies, id: 'D' } })
    expect(sent[0]!.headers).toMatchObject({ 'content-type': 'application/json' })
  })

  test('sends null policies unchanged', async () => {
    const { devices, sent } = devicesOn(answer)
    await devices.byId('D').update({ id: 'D', policies: null })
    expect(sent[0]!.body).toEqual({ id: 'D', policies: null })
  })

  test.each<[unknown, string]>([
    [undefined, '`device` must be the complete device, because it replaces the stored one; got undefined.'],
    [null, '`device` must be the complete device, because it replaces the stored one; got null.'],
    ['D', '`device` must be the complete device, because it replaces the stored one; got "D".'],
    [{ id: 'E' }, '`device.id` is "E", but you are replacing device "D". Pass the device with that ID.'],
  ])('refuses %j before anything is sent', async (device, message) => {
    const { devices, sent } = devicesOn(answer)
    expect(await rejection(devices.byId('D').update(device as never))).toMatchObject({
      code: 'invalid-argument',
      message,
    })
    expect(sent).toEqual([])
  })

  test.each<[string, Answer, object]>([
    ['a refusal', json(400, { code: 3000 }), { code: 'api', status: 400, serviceCode: '3000' }],
    ['an answer without a device', json(200, {}), { code: 'response', status: 200 }],
    ['no body', text(204, null), { code: 'response', status: 204 }],
    ['a page', text(200, '<html>'), { code: 'response', status: 200 }],
  ])('rejects for %s', async (_, one, expected) => {
    expect(
      await rejection(
        devicesOn(one)
          .devices.byId('D')
          .update({ ...triple, id: 'D' }),
      ),
    ).toMatchObject(expected)
  })
})

describe('deleting a device', () => {
  test.each<[string, Answer]>([
    ['204', text(204, null)],
    ['200 with nothing', text(200, '')],
    ['200 with an object', json(200, { id: 'D' })],
  ])('sends one DELETE without a body, and takes %s for done', async (_, answer) => {
    const { devices, sent } = devicesOn(answer)
    expect(await devices.byId('D').delete()).toBeUndefined()
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ method: 'DELETE', url: `${url}/D`, body: undefined })
  })

  test('rejects when the service refuses', async () => {
    const { devices } = devicesOn(json(404, { code: 1000, description: 'Gone.' }))
    expect(await rejection(devices.byId('D').delete())).toMatchObject({ code: 'api', status: 404 })
  })
})

test('every operation is ended at once by an abort, with its own reason, and nothing is sent', async () => {
  const { devices, sent } = devicesOn(accepted)
  const reason = { mine: true }
  const signal = AbortSignal.abort(reason)
  expect(await rejection(devices.add([triple], { signal }))).toBe(reason)
  expect(await rejection(devices.byId('D').update({ ...triple, id: 'D' }, { signal }))).toBe(reason)
  expect(await rejection(devices.byId('D').delete({ signal }))).toBe(reason)
  expect(sent).toEqual([])
})
