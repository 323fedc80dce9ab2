import { createEmulator, documentedUpload } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import documentedStatus from '../../../../spec/examples/get-batch-upload-status.response.json' with { type: 'json' }
import documentedCustomer from '../../../../spec/examples/get-customer.response.json' with { type: 'json' }
import documentedPolicy from '../../../../spec/examples/get-policy.response.json' with { type: 'json' }
import documentedRequest from '../../../../spec/examples/get-relationship-request.response.json' with { type: 'json' }
import filteredCustomers from '../../../../spec/examples/list-customers.filtered.response.json' with { type: 'json' }
import documentedBatches from '../../../../spec/examples/list-device-batches.response.json' with { type: 'json' }
import documentedDevices from '../../../../spec/examples/list-devices.response.json' with { type: 'json' }
import documentedPolicies from '../../../../spec/examples/list-policies.response.json' with { type: 'json' }
import { createCaller } from '../caller.ts'

const customer = `/v1/customers/${documentedUpload.customerId}`

/** The page misspells one key, with a leading space. */
const devicesWithoutTheTypo = JSON.stringify(documentedDevices).replace('" attributes"', '"attributes"')

test.for([
  [`/batchJobStatus/${documentedUpload.batchTrackingId}`, JSON.stringify(documentedStatus)],
  ['/deviceBatches', JSON.stringify(documentedBatches)],
  ['/deviceBatches/testbatch/devices', devicesWithoutTheTypo],
  ['/policies', JSON.stringify(documentedPolicies)],
  ['/policies/56edf752-ee77-4fd8-b7f5-df1f74a3a9ac', JSON.stringify(documentedPolicy)],
] as const)('GET %s is answered with exactly the documented body', async ([path, body]) => {
  const caller = await createCaller(createEmulator({ quirks: { batchAttributes: true } }).fetch)
  const answer = await caller.get(customer + path)
  expect(answer.status).toBe(200)
  expect(await answer.text()).toBe(body)
})

test.for([
  [filteredCustomers.links.self.uri, JSON.stringify(filteredCustomers)],
  ['/customers/eebd1b55-5360-4438-a11d-5c06918c3014', JSON.stringify(documentedCustomer)],
  ['/customers/relationshiprequests', JSON.stringify(documentedRequest)],
] as const)('GET %s is answered to a user with exactly the documented body', async ([path, body]) => {
  const caller = await createCaller(createEmulator().fetch, 'refresh_token')
  const answer = await caller.get(`/v1${path}`)
  expect(answer.status).toBe(200)
  expect(await answer.text()).toBe(body)
})

test('the list of batches has the length that the documentation declares: 336 bytes and a byte order mark', async () => {
  const caller = await createCaller(createEmulator().fetch)
  const answer = await caller.get(`${customer}/deviceBatches`)
  expect((await answer.arrayBuffer()).byteLength).toBe(339)
})

test('the documented batch and the batch whose devices are documented can both be read', async () => {
  const caller = await createCaller(createEmulator().fetch)
  const listed = await caller.get(`${customer}/deviceBatches/Test%20batch/devices`)
  expect(await listed.json()).toMatchObject({ totalCount: 5 })
  const unlisted = await caller.get(`${customer}/deviceBatches/testbatch/devices`)
  expect(await unlisted.json()).toMatchObject({ totalCount: 2 })
})

test('the unlisted batch is listed as soon as devices are added to it', async () => {
  const caller = await createCaller(createEmulator().fetch)
  await caller.post(`${customer}/deviceBatches/testbatch/devices`, [{ productKey: 'K1' }])
  const list = await caller.get(`${customer}/deviceBatches`)
  expect(await list.json()).toMatchObject({ items: [{ id: 'Test batch' }, { id: 'testbatch' }] })
})

test('the documented examples exist even if the clock starts before them', async () => {
  const caller = await createCaller(createEmulator({ startTime: '2016-01-01T00:00:00Z', timeScale: 0 }).fetch)
  const list = await caller.get(`${customer}/deviceBatches/testbatch/devices`)
  expect(await list.json()).toMatchObject({ totalCount: 2 })
})
