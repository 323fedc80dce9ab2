import type { operations } from '@devicebatch/contract'

/** What the emulator serves: operations of the API by their names in the contract, and the token endpoint. */
export type EmulatorOperation =
  | 'getToken'
  | Extract<
      keyof operations,
      'getBatchUploadStatus' | 'createDeviceBatch' | 'addDevicesToBatch' | 'listDeviceBatches' | 'listDevices'
    >
