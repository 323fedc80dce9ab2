/** Each property that the document requires is one without which a body is refused, and for that reason. */
import { describe, expect, test } from 'vitest'

import { problemsOf, schema, walk } from './document.ts'
import type { JsonObject } from './document.ts'

const newDevice = `${schema('NewDevice')}/allOf/1/anyOf`
const assignment = { key: 'o_o_b_e', value: '15a04610-9229-4e80-94e0-0e826a09c9e2' }
const policy = { name: 'Test policy', category: 'o_o_b_e', policySettings: ['skip_eula'] }
const policyId = '56edf752-ee77-4fd8-b7f5-df1f74a3a9ac'

/** The smallest body that is complete, for each schema that requires something. */
const smallest: Record<string, JsonObject> = {
  [schema('BatchUploadDetails')]: {
    batchTrackingId: '0127ed8e-ff72-4983-a3d8-e8d8bd378932',
    status: 'queued',
  },
  [schema('Device')]: { id: '9993-8627-3608-6844-6369-4361-72' },
  [schema('DeviceCollection')]: { items: [] },
  [schema('DeviceBatch')]: { id: 'Test batch' },
  [schema('DeviceBatchCollection')]: { items: [] },
  [schema('ConfigurationPolicy')]: { id: policyId },
  [schema('ConfigurationPolicyCollection')]: { items: [] },
  [schema('Customer')]: { id: '47021739-3426-40bf-9601-61b4b6d7c793' },
  [schema('CustomerCollection')]: { items: [] },
  [schema('RelationshipRequest')]: { url: 'https://admin.microsoft.com/Adminportal/Home' },
  [schema('DeviceUpdate')]: { id: '9993-8627-3608-6844-6369-4361-72' },
  [schema('DeviceBatchCreationRequest')]: { batchId: 'Test batch', devices: [] },
  [schema('DevicePolicyUpdateRequest')]: { devices: [] },
  [schema('DevicePolicyUpdate')]: { id: '9993-8627-3608-6844-6369-4361-72', policies: [assignment] },
  [schema('PolicyAssignment')]: assignment,
  [schema('NewConfigurationPolicy')]: policy,
  [schema('ConfigurationPolicyUpdate')]: { id: policyId, ...policy },
  [schema('ApiFault')]: { code: 2000, description: 'Tenant Id must be a GUID.' },
  [schema('ExtendedFault')]: { code: 600061, message: 'It exists already.' },
  [schema('GatewayFault')]: { statusCode: 429, message: 'Rate limit is exceeded.' },
  [`${newDevice}/0`]: { hardwareHash: 'DummyHash123' },
  [`${newDevice}/1`]: { productKey: '00329-00000-0003-AA606' },
  [`${newDevice}/2`]: { serialNumber: '1R9-ZNP67', oemManufacturerName: 'Dell Inc.', modelName: 'T7500' },
  '/components/securitySchemes/app/flows/clientCredentials/x-token-error': { error: 'invalid_grant' },
  '/components/securitySchemes/appUser/flows/authorizationCode/x-token-error': { error: 'invalid_grant' },
}

const demanding = [...walk()].flatMap(({ node: { required }, pointer }) =>
  Array.isArray(required) ? [{ pointer, required }] : [],
)

test('no other schema requires anything', () => {
  expect(new Set(demanding.map(({ pointer }) => pointer))).toEqual(new Set(Object.keys(smallest)))
})

describe.each(demanding)('$pointer', ({ pointer, required }) => {
  const body = smallest[pointer] ?? {}

  test('accepts a body with only what is required', () => {
    expect(problemsOf(body, pointer)).toEqual([])
    expect(new Set(Object.keys(body))).toEqual(new Set(required))
  })

  test.each(Object.keys(body))('refuses a body without %s', (name) => {
    const { [name]: _, ...rest } = body
    expect(problemsOf(rest, pointer)).toMatchObject([
      { keyword: 'required', params: { missingProperty: name } },
    ])
  })
})
