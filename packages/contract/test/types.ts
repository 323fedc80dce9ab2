/** What must compile and what must not. Only the compiler reads this (`npm run check:types`); nothing here runs. */
import createClient from 'openapi-fetch'

import type {
  ApiFault,
  AssignedPolicy,
  ConfigurationPolicyCollection,
  CustomerCollection,
  DeviceBatchCollection,
  DeviceCollection,
  ExtendedFault,
  Fault,
  FaultText,
  GatewayFault,
  BatchUploadDetails,
  BatchUploadStatus,
  components,
  ConfigurationPolicy,
  ConfigurationPolicyUpdate,
  Customer,
  CustomerCompanyProfile,
  CustomerRelationship,
  Device,
  DeviceBatch,
  DeviceBatchCreationRequest,
  DevicePolicyUpdate,
  DevicePolicyUpdateRequest,
  DeviceUpdate,
  DeviceUploadDetails,
  DeviceUploadStatus,
  Link,
  NewConfigurationPolicy,
  NewDevice,
  operations,
  paths,
  PolicyAssignment,
  PolicyCategory,
  PolicySetting,
  RelationshipRequest,
  ResourceAttributes,
  Timestamp,
} from '../src/index.ts'

const api = createClient<paths>()
const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'
const batchTrackingId = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'
const path = { customerId, batchTrackingId }

export async function aStatusReadThroughOpenapiFetchIsAString(): Promise<string> {
  const { data } = await api.GET('/customers/{customerId}/batchJobStatus/{batchTrackingId}', {
    params: { path },
  })
  if (!data) throw new Error('No data.')
  const status: string = data.status
  const open: BatchUploadStatus = data.status
  const deviceStatus: string | undefined = data.devicesStatus?.[0]?.status
  const details: BatchUploadDetails = data
  return [status, open, deviceStatus, details.status].join()
}

export async function whatOpenapiFetchReturnsIsOurShape(): Promise<unknown[]> {
  const options = { params: { path: { customerId, batchId: 'Test batch', deviceId: '1', policyId: '1' } } }
  const batches = await api.GET('/customers/{customerId}/deviceBatches', options)
  const batch: DeviceBatch | undefined = batches.data?.items[0]
  const devices = await api.GET('/customers/{customerId}/deviceBatches/{batchId}/devices', options)
  const device: Device | undefined = devices.data?.items[0]
  const policies = await api.GET('/customers/{customerId}/policies', options)
  const policy: ConfigurationPolicy | undefined = policies.data?.items[0]
  const one = await api.GET('/customers/{customerId}/policies/{policyId}', options)
  const same: ConfigurationPolicy | undefined = one.data
  const customers = await api.GET('/customers', { params: { query: { size: 100, filter: '{}' } } })
  const customer: Customer | undefined = customers.data?.items[0]
  const read = await api.GET('/customers/{customerId}', options)
  const sameCustomer: Customer | undefined = read.data
  const invitation = await api.GET('/customers/relationshiprequests')
  const request: RelationshipRequest | undefined = invitation.data
  return [batch, device, policy, same, customer, sameCustomer, request]
}

export async function ourShapesAreWhatOpenapiFetchSends(
  batch: DeviceBatchCreationRequest,
  devices: NewDevice[],
  update: DeviceUpdate,
  policyUpdates: DevicePolicyUpdateRequest,
  newPolicy: NewConfigurationPolicy,
  policyUpdate: ConfigurationPolicyUpdate,
): Promise<void> {
  const params = { path: { customerId, batchId: 'Test batch', deviceId: '1', policyId: '1' } }
  await api.POST('/customers/{customerId}/deviceBatches', { params, body: batch })
  await api.POST('/customers/{customerId}/deviceBatches/{batchId}/devices', { params, body: devices })
  await api.PUT('/customers/{customerId}/deviceBatches/{batchId}/devices/{deviceId}', {
    params,
    body: update,
  })
  await api.DELETE('/customers/{customerId}/deviceBatches/{batchId}/devices/{deviceId}', { params })
  await api.PATCH('/customers/{customerId}/DevicePolicyUpdates', { params, body: policyUpdates })
  await api.POST('/customers/{customerId}/policies', { params, body: newPolicy })
  await api.PUT('/customers/{customerId}/policies/{policyId}', { params, body: policyUpdate })
  await api.DELETE('/customers/{customerId}/policies/{policyId}', { params })
}

export async function anErrorIsOneOfTheShapesOrText(): Promise<string> {
  const { error } = await api.GET('/customers/{customerId}/batchJobStatus/{batchTrackingId}', {
    params: { path },
  })
  if (error === undefined || typeof error === 'string') return error ?? ''
  if ('statusCode' in error) return `${error.statusCode} ${error.message}`
  if ('message' in error) return `${error.code} ${error.errorName ?? ''} ${error.message}`
  const fault: ApiFault = error
  return `${fault.code} ${fault.description}`
}

export async function aCallNeedsItsPath(): Promise<void> {
  // @ts-expect-error the customer is missing
  await api.GET('/customers/{customerId}/policies', { params: { path: {} } })
  // @ts-expect-error a single device cannot be read
  await api.GET('/customers/{customerId}/deviceBatches/{batchId}/devices/{deviceId}', {})
  // @ts-expect-error paths do not begin with /v1, which is part of the server URL
  await api.GET('/v1/customers/{customerId}/policies', { params: { path: { customerId } } })
  // @ts-expect-error the method is PUT, although the .NET SDK says Patch
  await api.PATCH('/customers/{customerId}/policies/{policyId}', {})
  const headers = {
    'MS-RequestId': 'e88d014d-ab70-41de-90a0-f7fd1797267d',
    ValidateMfa: 'true',
    'X-Locale': 'en-US',
  }
  await api.GET('/customers/{customerId}/policies', { params: { path: { customerId }, header: headers } })
}

// Values are open: a known one, an unknown one and any string, but nothing else.
export const knownWord: BatchUploadStatus = 'finished_with_errors'
export const unknownWord: BatchUploadStatus = 'a_word_of_tomorrow'
export const hyphenatedWord: DeviceUploadStatus = 'in-progress'
export const category: PolicyCategory = 'o_o_b_e'
export const setting: PolicySetting = String(knownWord)
export const relationship: CustomerRelationship = 'reseller'
export const unknownRelationship: CustomerRelationship = unknownWord
export const wordAsString: string = unknownWord
// @ts-expect-error a status value is not a number
export const numericWord: BatchUploadStatus = 3
// @ts-expect-error a status value is never absent
export const absentWord: DeviceUploadStatus = undefined

// A device is identified by one of three combinations.
export const byHash: NewDevice = { hardwareHash: 'DummyHash123' }
export const byProductKey: NewDevice = { productKey: '00329-00000-0003-AA606', serialNumber: null }
export const byHashAndMore: NewDevice = { hardwareHash: 'DummyHash123', serialNumber: '1R9', policies: null }
export const byModel: NewDevice = {
  serialNumber: '1R9',
  oemManufacturerName: 'Dell Inc.',
  modelName: 'T7500',
}
export const withPolicy: NewDevice = { hardwareHash: 'x', policies: [{ key: 'o_o_b_e', value: customerId }] }
// @ts-expect-error nothing identifies it
export const byNothing: NewDevice = {}
// @ts-expect-error a serial number on its own is never enough
export const bySerialNumber: NewDevice = { serialNumber: '1R9' }
// @ts-expect-error the model is missing
export const byManufacturer: NewDevice = { serialNumber: '1R9', oemManufacturerName: 'Dell Inc.' }
// @ts-expect-error null does not identify a device
export const byNull: NewDevice = { hardwareHash: null }
// @ts-expect-error the property is called productKey
export const misspelt: NewDevice = { hardwareHash: 'DummyHash123', productID: '00329-00000-0003-AA606' }
// @ts-expect-error the service sets the ID
export const withId: NewDevice = { hardwareHash: 'DummyHash123', id: '1' }
// @ts-expect-error a policy needs its category
export const withoutKey: NewDevice = { hardwareHash: 'DummyHash123', policies: [{ value: customerId }] }

export const batch: DeviceBatchCreationRequest = { batchId: 'Test batch', devices: [byHash, byModel] }
// @ts-expect-error a batch needs a name
export const namelessBatch: DeviceBatchCreationRequest = { devices: [byHash] }
// @ts-expect-error a batch needs devices
export const emptyBatch: DeviceBatchCreationRequest = { batchId: 'Test batch' }
// @ts-expect-error each of its devices is identified
export const unidentified: DeviceBatchCreationRequest['devices'] = [{ serialNumber: '1R9' }]

const assignments = [{ key: 'o_o_b_e', value: '15a04610-9229-4e80-94e0-0e826a09c9e2' }]
export const policyUpdates: DevicePolicyUpdateRequest = {
  devices: [{ id: '9993-8627', policies: assignments }],
}
// @ts-expect-error which device?
export const anonymousUpdate: DevicePolicyUpdateRequest = { devices: [{ policies: assignments }] }
// @ts-expect-error which policies?
export const aimlessUpdate: DevicePolicyUpdateRequest = { devices: [{ id: '9993-8627' }] }

export const newPolicy: NewConfigurationPolicy = {
  name: 'A',
  category: 'o_o_b_e',
  policySettings: ['skip_eula'],
}
// @ts-expect-error a policy needs a name
export const namelessPolicy: NewConfigurationPolicy = { category: 'o_o_b_e', policySettings: [] }
// @ts-expect-error a policy needs a category
export const uncategorized: NewConfigurationPolicy = { name: 'A', policySettings: [] }
// @ts-expect-error an update names its policy
export const idlessUpdate: ConfigurationPolicyUpdate = newPolicy

// Reading and writing differ: a device that was read has the names of its policies, not their IDs.
export function writeBack(device: Device): DeviceUpdate[] {
  const changed: DeviceUpdate = { ...device, policies: assignments }
  // @ts-expect-error its policies are names
  const unchanged: DeviceUpdate = device
  return [changed, unchanged]
}
// @ts-expect-error a device is replaced under its ID
export const namelessDevice: DeviceUpdate = { serialNumber: '1R9', policies: assignments }
// @ts-expect-error null is not an ID
export const nullDevice: DeviceUpdate = { id: null, policies: assignments }
// @ts-expect-error a device that was read may lack identifiers
export const registerAgain = (device: Device): NewDevice => device

// Everything that the service may omit has to be checked.
export function partial(details: BatchUploadDetails, device: DeviceUploadDetails, link: Link): unknown[] {
  const trackingId: string = details.batchTrackingId
  // @ts-expect-error a queued batch may have no devices
  const count: number = details.devicesStatus.length
  // @ts-expect-error a device that failed has no ID
  const deviceId: string = device.deviceId
  // @ts-expect-error a code is text
  const code: number | undefined = device.errorCode
  // @ts-expect-error there is no hash in a result
  const hash: unknown = device.hardwareHash
  const found: string | undefined = link.headers?.find(({ key }) => key === 'MS-ContinuationToken')?.value
  return [trackingId, count, deviceId, code, hash, found]
}

// A member that may be omitted can also be undefined.
export function whatMayBeMissingMayBeUndefined(text: string | undefined): unknown[] {
  const device: NewDevice = { hardwareHash: 'x', serialNumber: text, policies: undefined }
  const update: DeviceUpdate = { id: '9993-8627', modelName: text, links: undefined, attributes: undefined }
  const created: NewConfigurationPolicy = {
    name: 'A',
    category: 'o_o_b_e',
    description: text,
    policySettings: [],
  }
  // @ts-expect-error what identifies the device must be there
  const unidentified: NewDevice = { hardwareHash: text }
  // @ts-expect-error what is required must be there
  const unnamed: NewConfigurationPolicy = { name: text, category: 'none', policySettings: [] }
  const headers = { 'MS-RequestId': text, 'X-Locale': text, ValidateMfa: text }
  const call = api.GET('/customers', {
    params: { query: { size: undefined, filter: text }, header: headers },
  })
  return [device, update, created, unidentified, unnamed, call]
}

/** `true` if nothing is in `T`; otherwise the compiler names what is. */
type None<T> = [T] extends [never] ? true : T
/** The names of the optional members of `T` that do not accept `undefined`. */
type Refusing<T> = {
  [K in keyof T]-?: object extends Pick<T, K> ? (undefined extends Required<T>[K] ? never : K) : never
}[keyof T]
type Header<T extends keyof operations> = NonNullable<operations[T]['parameters']['header']>
type Query<T extends keyof operations> = NonNullable<operations[T]['parameters']['query']>
type Requests =
  | ConfigurationPolicyUpdate
  | DeviceBatchCreationRequest
  | DevicePolicyUpdate
  | DevicePolicyUpdateRequest
  | DeviceUpdate
  | NewConfigurationPolicy
  | NewDevice
  | PolicyAssignment
  | ResourceAttributes
  | Header<'createDeviceBatch'>
  | Header<'updatePolicy'>
  | Query<'listCustomers'>
type OfEach<T> = T extends unknown ? Refusing<T> : never
export const noOptionalMemberOfARequestRefusesUndefined: None<OfEach<Requests>> = true
// The types of what the service sends are unchanged: a member is absent or has a value.
export const aResponseRefusesUndefined: Both<Refusing<DeviceUploadDetails>, never> = false

// A time is text, which `new Date` may read in the wrong time zone.
export const times = (details: BatchUploadDetails, device: Device): (Timestamp | undefined)[] => [
  details.startedTime,
  device.uploadedDate,
]

// The public types are the generated ones, with open sets of values.
type Schemas = components['schemas']
type Both<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
interface Named {
  ApiFault: ApiFault
  AssignedPolicy: AssignedPolicy
  BatchUploadDetails: BatchUploadDetails
  BatchUploadStatus: BatchUploadStatus
  ConfigurationPolicy: ConfigurationPolicy
  ConfigurationPolicyCollection: ConfigurationPolicyCollection
  ConfigurationPolicyUpdate: ConfigurationPolicyUpdate
  Customer: Customer
  CustomerCollection: CustomerCollection
  CustomerCompanyProfile: CustomerCompanyProfile
  CustomerRelationship: CustomerRelationship
  Device: Device
  DeviceBatch: DeviceBatch
  DeviceBatchCollection: DeviceBatchCollection
  DeviceBatchCreationRequest: DeviceBatchCreationRequest
  DeviceCollection: DeviceCollection
  DevicePolicyUpdate: DevicePolicyUpdate
  DevicePolicyUpdateRequest: DevicePolicyUpdateRequest
  DeviceUpdate: DeviceUpdate
  DeviceUploadDetails: DeviceUploadDetails
  DeviceUploadStatus: DeviceUploadStatus
  ExtendedFault: ExtendedFault
  Fault: Fault
  FaultText: FaultText
  GatewayFault: GatewayFault
  Link: Link
  NewConfigurationPolicy: NewConfigurationPolicy
  NewDevice: NewDevice
  PolicyAssignment: PolicyAssignment
  PolicyCategory: PolicyCategory
  PolicySetting: PolicySetting
  RelationshipRequest: RelationshipRequest
  ResourceAttributes: ResourceAttributes
  Timestamp: Timestamp
}
/** Parts of other schemas, whose names mean nothing to users. */
type Unnamed = 'LinkHeader' | 'NewDeviceProperties' | 'ResourceLinks'
type Same<Name> = Name extends keyof Named & keyof Schemas ? Both<Named[Name], Schemas[Name]> : false
type NotSame<Name> = Name extends Unnamed ? never : Same<Name> extends true ? never : Name
export const everySchemaHasAType: None<NotSame<keyof Schemas | keyof Named>> = true

export type StatusOperation = operations['getBatchUploadStatus']
// @ts-expect-error there is no such operation
export type NoOperation = operations['getDevice']
