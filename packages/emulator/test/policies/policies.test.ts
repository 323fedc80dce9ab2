import { createEmulator, documentedUpload } from '@devicebatch/emulator'
import type { EmulatorOptions } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import documentedRequest from '../../../../spec/examples/create-policy.request.json' with { type: 'json' }
import documentedAnswer from '../../../../spec/examples/create-policy.response.json' with { type: 'json' }
import documentedUpdate from '../../../../spec/examples/update-policy.request.json' with { type: 'json' }
import documentedUpdated from '../../../../spec/examples/update-policy.response.json' with { type: 'json' }
import { createCaller, customerId, otherCustomerId } from '../caller.ts'

const policies = `/v1/customers/${customerId}/policies`

interface PolicyDocument {
  id: string
  name: string
  category: string
  description?: string
  policySettings: string[]
  createdDate: string
  lastModifiedDate: string
}

async function emulate(options: EmulatorOptions = {}) {
  const emulator = createEmulator({ startTime: '2017-07-25T18:07:36.150Z', timeScale: 0, ...options })
  const caller = await createCaller(emulator.fetch)
  const create = async (body: unknown = documentedRequest): Promise<PolicyDocument> => {
    const answer = await caller.post(policies, body)
    return answer.json()
  }
  return { emulator, caller, create }
}

test('the documented request gets a 200 and, except for its ID, the documented policy', async () => {
  const { caller } = await emulate()
  const answer = await caller.post(policies, documentedRequest)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('Location')).toBeNull()
  const policy: PolicyDocument = await answer.json()
  expect(policy.id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
  expect(JSON.stringify({ ...policy, id: documentedAnswer.id })).toBe(JSON.stringify(documentedAnswer))
})

test('a policy that is read has times with seven digits and an offset, rounded in the list', async () => {
  const { caller, create } = await emulate()
  const { id } = await create()
  const read = await caller.get(`${policies}/${id}`)
  expect(await read.json()).toMatchObject({ createdDate: '2017-07-25T18:07:36.1500000+00:00' })
  const list = await caller.get(policies)
  expect(await list.json()).toMatchObject({
    totalCount: 1,
    // 1,500,000 is not a multiple of 128 ticks.
    items: [{ id, createdDate: '2017-07-25T18:07:36.1500032+00:00' }],
  })
})

test('policy values are accepted as the SDKs send them, and sent as documented', async () => {
  const { create } = await emulate()
  const policy = await create({
    Name: 'Windows',
    Category: 'OOBE',
    PolicySettings: ['SkipEula', 'remove_oem_preinstalls', 4],
  })
  expect(policy).toMatchObject({
    category: 'o_o_b_e',
    policySettings: ['skip_eula', 'remove_oem_preinstalls', 'skip_express_settings'],
  })
  expect(policy).not.toHaveProperty('description')
})

test('a policy without a category has the category none', async () => {
  const { create } = await emulate()
  expect(await create({ name: 'Windows', policySettings: [] })).toMatchObject({ category: 'none' })
})

test.for([
  ['no name', { policySettings: [] }, 800002, 'name is required'],
  ['no settings', { name: 'Windows' }, 800002, 'policySettings is required'],
  ['settings that are a text', { name: 'W', policySettings: 'skip_eula' }, 800002, 'must be an array'],
  ['a setting that is none', { name: 'W', policySettings: ['skip_all'] }, 900126, 'element 0'],
  ['two settings in one', { name: 'W', policySettings: ['skip_eula, none'] }, 900126, 'element 0'],
  ['a category that is none', { name: 'W', category: 'x', policySettings: [] }, 900126, 'category must be'],
  ['a name that is a number', { name: 5, policySettings: [] }, 800002, 'name must be a string'],
  ['no object', [], 800002, 'must be an object'],
] as const)('a new policy with %s is answered with 400', async ([, body, code, description]) => {
  const { caller } = await emulate()
  const answer = await caller.post(policies, body)
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ code, description: expect.stringContaining(description) })
  expect(await (await caller.get(policies)).json()).toMatchObject({ totalCount: 0 })
})

test('the documented update gets the documented response, except for the creation time', async () => {
  const { caller } = await emulate({ startTime: '2017-07-25T18:10:15Z' })
  const path = `/v1/customers/${documentedUpload.customerId}/policies/${documentedUpdate.id}`
  const answer = await caller.send('PUT', path, documentedUpdate)
  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual({ ...documentedUpdated, createdDate: '2017-07-25T18:03:03' })
})

test('an update replaces the policy: omitted properties are removed', async () => {
  const { emulator, caller, create } = await emulate()
  const { id, category } = await create()
  emulator.clock.advance(60_000)
  const update = { id, name: 'Renamed', category, policySettings: ['skip_eula'] }
  await caller.send('PUT', `${policies}/${id.toUpperCase()}`, update)
  const policy: PolicyDocument = await (await caller.get(`${policies}/${id}`)).json()
  expect(policy).toMatchObject({
    name: 'Renamed',
    policySettings: ['skip_eula'],
    createdDate: '2017-07-25T18:07:36.1500000+00:00',
    lastModifiedDate: '2017-07-25T18:08:36.1500000+00:00',
  })
  expect(policy).not.toHaveProperty('description')
})

test.for([
  ['no ID', { id: undefined }, 'id is required'],
  ['another ID', { id: '40cdb858-edcc-44d7-9083-d6a36d43bd3f' }, 'not the ID in the path'],
  ['no name', { name: null }, 'name is required'],
  ['no category', { category: undefined }, 'category is required'],
  ['another category', { category: 'none' }, 'category of a policy cannot be changed'],
  ['no settings', { policySettings: undefined }, 'policySettings is required'],
] as const)('an update with %s is answered with 400 and changes nothing', async ([, change, description]) => {
  const { caller, create } = await emulate()
  const policy = await create()
  const answer = await caller.send('PUT', `${policies}/${policy.id}`, { ...policy, ...change })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ description: expect.stringContaining(description) })
  expect(await (await caller.get(`${policies}/${policy.id}`)).json()).toMatchObject({ name: policy.name })
})

test('deleting a policy returns 204 without a body and removes it', async () => {
  const { caller, create } = await emulate()
  const { id } = await create()
  const answer = await caller.send('DELETE', `${policies}/${id}`)
  expect(answer.status).toBe(204)
  expect(await answer.text()).toBe('')
  expect(answer.headers.get('MS-RequestId')).not.toBeNull()
  expect((await caller.get(`${policies}/${id}`)).status).toBe(404)
})

test.for(['GET', 'PUT', 'DELETE'])("%s of another customer's policy gets a 404", async (method) => {
  const { caller, create } = await emulate()
  const policy = await create()
  const path = `/v1/customers/${otherCustomerId}/policies/${policy.id}`
  const answer = await caller.send(method, path, method === 'PUT' ? policy : undefined)
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ code: 1000 })
  expect((await caller.get(`${policies}/${policy.id}`)).status).toBe(200)
})

test('a policy ID that is not a GUID gets a 400 with code 2000', async () => {
  const { caller } = await emulate()
  const answer = await caller.get(`${policies}/mine`)
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ code: 2000 })
})

test('a repeated MS-RequestId creates one policy, and deletes one without an error', async () => {
  const { caller } = await emulate()
  const ids = { 'MS-RequestId': 'c245d5f2-1de3-4ae0-9e42-95e38e3cb8ff' }
  const first: PolicyDocument = await (await caller.post(policies, documentedRequest, ids)).json()
  const correlation = { 'MS-CorrelationId': 'de894e18-f027-4ac0-8b5a-34f0c222af0c' }
  const second = await caller.post(policies, documentedRequest, { ...ids, ...correlation })
  expect(second.headers.get('MS-RequestId')).toBe(ids['MS-RequestId'])
  expect(second.headers.get('MS-CorrelationId')).toBe(correlation['MS-CorrelationId'])
  expect(new Uint8Array(await second.clone().arrayBuffer())[0]).toBe(0xef)
  expect(await second.json()).toEqual(first)
  expect(await (await caller.get(policies)).json()).toMatchObject({ totalCount: 1 })

  const path = `${policies}/${first.id}`
  expect((await caller.send('DELETE', path, undefined, ids)).status).toBe(204)
  expect((await caller.send('DELETE', path, undefined, ids)).status).toBe(204)
  expect((await caller.send('DELETE', path)).status).toBe(404)
})

test.for([
  ['devicesAssigned', { devicesAssigned: 0 }],
  ['devicesAssignedCount', { devicesAssignedCount: 0 }],
  ['both', { devicesAssigned: 0, devicesAssignedCount: 0 }],
] as const)(
  'the counter of devices goes by the name that policyCounter says: %s',
  async ([name, counters]) => {
    const { create } = await emulate({ quirks: { policyCounter: name } })
    const policy = await create()
    const sent = Object.entries(policy).filter(([key]) => key.startsWith('devicesAssigned'))
    expect(Object.fromEntries(sent)).toEqual(counters)
  },
)
