/** The operations of the emulator. */
import type { operations } from '@devicebatch/contract'

/** What the emulator serves: the operations of the API by their names in the contract, and Entra ID's two endpoints. */
export type EmulatorOperation = 'authorize' | 'getToken' | keyof operations

/** Every operation, for who names one in JSON. */
export const emulatorOperations: readonly EmulatorOperation[] = Object.keys({
  authorize: true,
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
