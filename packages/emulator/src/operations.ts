/** The operations of the emulator. */
import type { operations } from '@devicebatch/contract'

/** The endpoints of Entra ID. */
export type EntraOperation = 'authorize' | 'discoverTenant' | 'getToken'

/** What the emulator serves: the operations of the API by their names in the contract, and those of Entra ID. */
export type EmulatorOperation = EntraOperation | keyof operations

const entraOperations: readonly string[] = [
  'authorize',
  'discoverTenant',
  'getToken',
] satisfies readonly EntraOperation[]

/** Every operation, to check names that arrive as JSON. */
export const emulatorOperations: readonly EmulatorOperation[] = Object.keys({
  authorize: true,
  discoverTenant: true,
  getToken: true,
  getBatchUploadStatus: true,
  createDeviceBatch: true,
  addDevicesToBatch: true,
  listDeviceBatches: true,
  listDevices: true,
  updateDevice: true,
  deleteDevice: true,
  updateDevicesWithPolicy: true,
  listPolicies: true,
  createPolicy: true,
  getPolicy: true,
  updatePolicy: true,
  deletePolicy: true,
  listCustomers: true,
  getCustomer: true,
  getRelationshipRequest: true,
} satisfies Record<EmulatorOperation, true>) as EmulatorOperation[]

/** Whether the operation is one of Entra ID's. */
export function isEntraOperation(operation: EmulatorOperation): operation is EntraOperation {
  return entraOperations.includes(operation)
}
