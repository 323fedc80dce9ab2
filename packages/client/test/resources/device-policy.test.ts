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
} from '../helpers.ts'

const policies = [{ key: 'o_o_b_e', value: otherCustomerId }]
const accepted = text(202, null, { Location: location })

function policyOn(answers: Answer | Answer[]) {
  const { partner, sent, events } = partnerOn(answers, { retry: false })
  return { policy: partner.customers.byId(customerId).devicePolicy, sent, events }
}

describe('applying policies to devices', () => {
  test('sends one PATCH with the ID and the policies of each device, and returns the update to poll', async () => {
    const { policy, sent } = policyOn(accepted)
    const listed = { id: '9993-8627', serialNumber: 'S', uploadedDate: '2017-07-25T01:51:00', policies }
    const update = await policy.update([listed, { id: 'B', policies }])
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({
      method: 'PATCH',
      url: `${origin}/v1/customers/${customerId}/DevicePolicyUpdates`,
    })
    expect(sent[0]!.body).toEqual({
      devices: [
        { id: '9993-8627', policies },
        { id: 'B', policies },
      ],
    })
    expect(sent[0]!.headers).toMatchObject({ 'content-type': 'application/json' })
    expect(update.toJSON()).toEqual({ customerId, batchTrackingId })
  })

  test('sends null to remove a policy', async () => {
    const { policy, sent } = policyOn(accepted)
    await policy.update([{ id: 'A', policies: [{ key: 'o_o_b_e', value: null }] }])
    expect(sent[0]!.body).toEqual({ devices: [{ id: 'A', policies: [{ key: 'o_o_b_e', value: null }] }] })
  })

  test.each<[string, Answer, object]>([
    ['a refusal', json(400, { code: 2000 }), { code: 'api', status: 400, isAmbiguous: false }],
    ['a failure', text(500, null), { code: 'api', status: 500, isAmbiguous: true }],
    ['an acceptance without a Location', text(202, null), { code: 'response', isAmbiguous: true }],
  ])('rejects for %s', async (_, answer, expected) => {
    expect(await rejection(policyOn(answer).policy.update([{ id: 'A', policies }]))).toMatchObject(expected)
  })

  test('is ended at once by an abort, with its own reason', async () => {
    const { policy, sent } = policyOn(accepted)
    const reason = { mine: true }
    expect(
      await rejection(policy.update([{ id: 'A', policies }], { signal: AbortSignal.abort(reason) })),
    ).toBe(reason)
    expect(sent).toEqual([])
  })

  test.each<[unknown, string]>([
    [undefined, '`devices` must be an array of devices; got undefined.'],
    [[], '`devices` must contain at least one device.'],
    [{ id: 'A', policies }, '`devices` must be an array of devices; got object.'],
    [[null], '`devices[0].id` must be the `id` of a device in the list of devices; got undefined.'],
    [Array(1), '`devices[0].id` must be the `id` of a device in the list of devices; got undefined.'],
    [[{ policies }], '`devices[0].id` must be the `id` of a device in the list of devices; got undefined.'],
    [
      [{ id: ' ', policies }],
      '`devices[0].id` must be the `id` of a device in the list of devices; got " ".',
    ],
    [[{ id: 5, policies }], '`devices[0].id` must be the `id` of a device in the list of devices; got 5.'],
    [
      [{ id: 'A', policies }, { id: 'B' }],
      '`devices[1].policies` must be an array with at least one { key, value }.',
    ],
    [[{ id: 'A', policies: [] }], '`devices[0].policies` must be an array with at least one { key, value }.'],
    [
      [{ id: 'A', policies: 'P' }],
      '`devices[0].policies` must be an array with at least one { key, value }.',
    ],
    [
      [{ id: 'A', policies: [null] }],
      '`devices[0].policies[0].key` must be a category such as "o_o_b_e"; got undefined.',
    ],
    [
      [{ id: 'A', policies: [{ key: '', value: otherCustomerId }] }],
      '`devices[0].policies[0].key` must be a category such as "o_o_b_e"; got "".',
    ],
    [
      [{ id: 'A', policies: [{ key: 'o_o_b_e', value: 'AzureAD Join Default Profile' }] }],
      '`devices[0].policies[0].value` must be a GUID such as 0127ed8e-ff72-4983-a3d8-e8d8bd378932; got "AzureAD Join Default Profile".',
    ],
    [
      [{ id: 'A', policies: [...policies, { key: 'none' }] }],
      '`devices[0].policies[1].value` must be a GUID such as 0127ed8e-ff72-4983-a3d8-e8d8bd378932; got undefined.',
    ],
  ])('refuses %j before anything is sent', async (devices, message) => {
    const { policy, sent, events } = policyOn(accepted)
    expect(await rejection(policy.update(devices as never))).toMatchObject({
      code: 'invalid-argument',
      message,
    })
    expect([sent, events]).toEqual([[], []])
  })
})
