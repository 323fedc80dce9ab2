import { describe, expect, test } from 'vitest'

import type { Answer } from '../helpers.ts'
import { customerId, json, origin, otherCustomerId, partnerOn, rejection, text, thrown } from '../helpers.ts'

const policyId = '56edf752-ee77-4fd8-b7f5-df1f74a3a9ac'
const policy = {
  name: 'Test policy',
  category: 'o_o_b_e',
  description: 'What a first start skips',
  policySettings: ['skip_eula', 'skip_express_settings'],
}
const stored = { ...policy, id: policyId, devicesAssigned: 0, createdDate: '2017-07-25T18:08:52.0433408Z' }
const url = `${origin}/v1/customers/${customerId}/policies`

function policiesOn(answers: Answer | Answer[]) {
  const { partner, sent, events } = partnerOn(answers, { retry: false })
  return { policies: partner.customers.byId(customerId).configurationPolicies, sent, events }
}

describe('creating a policy', () => {
  test('sends one POST with it, and returns it as the service stored it, for a 200', async () => {
    const { policies, sent } = policiesOn(json(200, stored))
    expect(await policies.create(policy)).toEqual(stored)
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ method: 'POST', url, body: policy })
    expect(sent[0]!.headers).toMatchObject({ 'content-type': 'application/json' })
  })

  test('accepts a 201 as well', async () => {
    expect(await policiesOn(json(201, stored)).policies.create(policy)).toEqual(stored)
  })
})

describe('one policy', () => {
  test('has a GUID for its ID', () => {
    const { policies } = policiesOn(json(200, stored))
    expect(policies.byId(policyId).policyId).toBe(policyId)
    for (const id of ['', 'x', `${policyId}/..`, undefined]) {
      expect(thrown(() => policies.byId(id as string))).toMatchObject({
        code: 'invalid-argument',
        message: expect.stringMatching(/^`policyId` must be a GUID/),
      })
    }
  })

  test('is read with one GET', async () => {
    const { policies, sent } = policiesOn(text(200, `\ufeff${JSON.stringify(stored)}`))
    expect(await policies.byId(policyId).get()).toEqual(stored)
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ method: 'GET', url: `${url}/${policyId}`, body: undefined })
  })

  test('is replaced with one PUT of the whole policy', async () => {
    const { policies, sent } = policiesOn(json(200, stored))
    const update = { ...policy, id: policyId.toUpperCase(), policySettings: [] }
    expect(await policies.byId(policyId).update(update)).toEqual(stored)
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ method: 'PUT', url: `${url}/${policyId}`, body: update })
  })

  test.each<[string, Answer]>([
    ['204', text(204, null)],
    ['200', json(200, {})],
  ])('is deleted with one DELETE without a body, for which %s is done', async (_, answer) => {
    const { policies, sent } = policiesOn(answer)
    expect(await policies.byId(policyId).delete()).toBeUndefined()
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ method: 'DELETE', url: `${url}/${policyId}`, body: undefined })
  })
})

type Policies = ReturnType<typeof policiesOn>['policies']
const operations: [string, (policies: Policies, signal?: AbortSignal) => Promise<unknown>][] = [
  ['creating', (policies, signal) => policies.create(policy, { signal })],
  ['reading', (policies, signal) => policies.byId(policyId).get({ signal })],
  [
    'replacing',
    (policies, signal) => policies.byId(policyId).update({ ...policy, id: policyId }, { signal }),
  ],
  ['deleting', (policies, signal) => policies.byId(policyId).delete({ signal })],
]

describe.each(operations)('%s a policy', (_, operate) => {
  test('rejects with the error of the service', async () => {
    const { policies } = policiesOn(json(404, { code: 1000, description: 'No such policy.' }))
    expect(await rejection(operate(policies))).toMatchObject({
      code: 'api',
      status: 404,
      description: 'No such policy.',
    })
  })

  test('is ended at once by an abort, with its own reason, and nothing is sent', async () => {
    const { policies, sent } = policiesOn(json(200, stored))
    const reason = { mine: true }
    expect(await rejection(operate(policies, AbortSignal.abort(reason)))).toBe(reason)
    expect(sent).toEqual([])
  })
})

describe.each(operations.slice(0, 3))('%s a policy', (_, operate) => {
  test.each<[string, Answer]>([
    ['no policy', json(200, { name: 'x' })],
    ['nothing', text(200, null)],
    ['a page', text(200, '<html>')],
  ])('rejects with ResponseError when the response is %s', async (_, answer) => {
    expect(await rejection(operate(policiesOn(answer).policies))).toMatchObject({
      code: 'response',
      status: 200,
    })
  })
})

const refusals: [unknown, string][] = [
  [undefined, '`policy` must have name, category and policySettings; got undefined.'],
  [null, '`policy` must have name, category and policySettings; got null.'],
  ['Test policy', '`policy` must have name, category and policySettings; got "Test policy".'],
  [{ ...policy, name: undefined }, '`policy.name` must be a non-empty string; got undefined.'],
  [{ ...policy, name: ' ' }, '`policy.name` must be a non-empty string; got " ".'],
  [{ ...policy, name: 5 }, '`policy.name` must be a non-empty string; got 5.'],
  [{ ...policy, category: undefined }, '`policy.category` must be a non-empty string; got undefined.'],
  [{ ...policy, category: 1 }, '`policy.category` must be a non-empty string; got 1.'],
  ...[undefined, 'skip_eula', [1], ['']].map((policySettings): [unknown, string] => [
    { ...policy, policySettings },
    '`policy.policySettings` must be an array of words such as "skip_eula"; list every setting to turn on.',
  ]),
]

describe('a policy that is wrong', () => {
  test.each(refusals)('is refused: %j', async (wrong, message) => {
    const { policies, sent, events } = policiesOn(json(200, stored))
    expect(await rejection(policies.create(wrong as never))).toMatchObject({
      code: 'invalid-argument',
      message,
    })
    expect([sent, events]).toEqual([[], []])
  })

  test.each<[unknown, string]>([
    ...refusals,
    [
      { ...policy, id: otherCustomerId },
      `\`policy.id\` is "${otherCustomerId}", but you are replacing policy ${policyId}. Pass the policy with that ID.`,
    ],
    [
      policy,
      `\`policy.id\` is undefined, but you are replacing policy ${policyId}. Pass the policy with that ID.`,
    ],
  ])('replaces none: %j', async (wrong, message) => {
    const { policies, sent } = policiesOn(json(200, stored))
    expect(await rejection(policies.byId(policyId).update(wrong as never))).toMatchObject({
      code: 'invalid-argument',
      message,
    })
    expect(sent).toEqual([])
  })
})
