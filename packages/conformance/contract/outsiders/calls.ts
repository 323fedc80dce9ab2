/** One call of the client for each operation of the document. */
import type { CustomerResource, PartnerCenter } from '@devicebatch/client'
import type {
  ConfigurationPolicyUpdate,
  DeviceBatchCreationRequest,
  DevicePolicyUpdateRequest,
  DeviceUpdate,
  NewConfigurationPolicy,
  NewDevice,
} from '@devicebatch/contract'

import type { OperationId } from './document.ts'

/** The arguments of all calls: each operation uses some of them. */
export interface Arguments {
  batchTrackingId: string
  batchId: string
  deviceId: string
  policyId: string
  body: unknown
}

type Call = (customer: CustomerResource, given: Arguments, partner: PartnerCenter) => Promise<unknown>

export const calls: Record<OperationId, Call> = {
  getBatchUploadStatus: ({ batchUploadStatus }, { batchTrackingId }) =>
    batchUploadStatus.byId(batchTrackingId).get(),
  createDeviceBatch: ({ deviceBatches }, { body }) =>
    deviceBatches.create(body as DeviceBatchCreationRequest),
  addDevicesToBatch: ({ deviceBatches }, { batchId, body }) =>
    deviceBatches.byId(batchId).devices.add(body as NewDevice[]),
  listDeviceBatches: ({ deviceBatches }) => deviceBatches.list().toArray(),
  listDevices: ({ deviceBatches }, { batchId }) => deviceBatches.byId(batchId).devices.list().toArray(),
  updateDevice: ({ deviceBatches }, { batchId, deviceId, body }) =>
    deviceBatches
      .byId(batchId)
      .devices.byId(deviceId)
      .update({ ...(body as DeviceUpdate), id: deviceId }),
  deleteDevice: ({ deviceBatches }, { batchId, deviceId }) =>
    deviceBatches.byId(batchId).devices.byId(deviceId).delete(),
  updateDevicesWithPolicy: ({ devicePolicy }, { body }) =>
    devicePolicy.update((body as DevicePolicyUpdateRequest).devices),
  listPolicies: ({ configurationPolicies }) => configurationPolicies.list().toArray(),
  createPolicy: ({ configurationPolicies }, { body }) =>
    configurationPolicies.create(body as NewConfigurationPolicy),
  getPolicy: ({ configurationPolicies }, { policyId }) => configurationPolicies.byId(policyId).get(),
  updatePolicy: ({ configurationPolicies }, { policyId, body }) =>
    configurationPolicies.byId(policyId).update(body as ConfigurationPolicyUpdate),
  deletePolicy: ({ configurationPolicies }, { policyId }) => configurationPolicies.byId(policyId).delete(),
  listCustomers: (_customer, _given, { customers }) => customers.list().toArray(),
  getCustomer: (customer) => customer.get(),
  getRelationshipRequest: (_customer, _given, { customers }) => customers.relationshipRequest.get(),
}
