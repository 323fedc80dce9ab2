/** What is in the emulator before the first request: the documented upload, and what a test puts there. */

import { isGuid } from './guid.ts'
import { failure } from './magic-serials.ts'
import { numberFrom, parseTime } from './options.ts'
import type { EmulatorSettings } from './options.ts'
import type { EmulatorState } from './state.ts'
import { deviceKeys, submit } from './submit.ts'

/** What `emulator.seed()` adds to what is there. */
export interface EmulatorSeed {
  /** Uploads that were accepted without a request, at any time, past ones included. */
  uploads?: readonly SeedUpload[] | undefined
  /** Devices that a tenant has registered in some other way: 806 for that customer, 808 for every other. */
  registeredDevices?: readonly RegisteredDevice[] | undefined
}

/** One upload; times are those of the emulator's clock. */
export interface SeedUpload {
  /** GUID. */
  customerId: string
  /** The batch it belongs to; one that begins with `EMUSTUCK-` never finishes. */
  batchId: string
  /** GUID; default is a random one, which then nobody can ask for. */
  batchTrackingId?: string | undefined
  /** When it was accepted: an ISO 8601 time, UTC when it has no zone; default is the clock's time. */
  submittedAt?: string | undefined
  /** Milliseconds it is queued, 0 or more; default is the emulator's. */
  queuedMs?: number | undefined
  /** Milliseconds it is processed, 0 or more; default is the emulator's. */
  processingMs?: number | undefined
  devices: readonly SeedDevice[]
}

export interface SeedDevice {
  serialNumber?: string | undefined
  productKey?: string | undefined
  modelName?: string | undefined
  oemManufacturerName?: string | undefined
  /** The device fails with this code, such as `808`; without it, it ends as it would in a request. */
  errorCode?: string | undefined
}

export interface RegisteredDevice {
  /** GUID of the tenant that has the device. */
  customerId: string
  serialNumber?: string | undefined
  productKey?: string | undefined
}

/** The ids of the upload in Partner Center's own example, "Get the status of a device batch upload". */
export const documentedUpload: Readonly<{ customerId: string; batchTrackingId: string }> = Object.freeze({
  customerId: '47021739-3426-40bf-9601-61b4b6d7c793',
  batchTrackingId: '0127ed8e-ff72-4983-a3d8-e8d8bd378932',
})

/** The upload whose status is the documented example, and the tenant that has its device. */
export const documentedSeed: EmulatorSeed = {
  uploads: [
    {
      ...documentedUpload,
      // The documented list of this customer's batches has this one batch.
      batchId: 'Test batch',
      submittedAt: '2017-07-25T10:00:00',
      queuedMs: 0,
      processingMs: 600_000,
      devices: [
        { serialNumber: '1234567890', productKey: '12345-67890-09876-54321-13579', errorCode: '808' },
      ],
    },
  ],
  registeredDevices: [
    {
      customerId: '33333333-3333-4333-8333-333333333333',
      serialNumber: '1234567890',
      productKey: '12345-67890-09876-54321-13579',
    },
  ],
}

/** Adds the seed to the state. Throws a `TypeError` or `RangeError` that names the property that is wrong. */
export function addSeed(
  state: EmulatorState,
  seed: EmulatorSeed,
  now: number,
  settings: EmulatorSettings,
): void {
  for (const { customerId, ...device } of seed.registeredDevices ?? []) {
    requireGuid('customerId', customerId)
    for (const key of deviceKeys(device)) state.owners.set(key, customerId.toLowerCase())
  }
  for (const upload of seed.uploads ?? []) {
    const batchTrackingId = upload.batchTrackingId ?? crypto.randomUUID()
    requireGuid('customerId', upload.customerId)
    requireGuid('batchTrackingId', batchTrackingId)
    submit(state, {
      customerId: upload.customerId,
      batchId: upload.batchId,
      batchTrackingId,
      submittedAt: upload.submittedAt === undefined ? now : parseTime('submittedAt', upload.submittedAt),
      queuedMs: numberFrom(0, 'queuedMs', upload.queuedMs ?? settings.queuedMs),
      processingMs: numberFrom(0, 'processingMs', upload.processingMs ?? settings.processingMs),
      devices: upload.devices.map(({ errorCode, ...device }) => ({
        ...device,
        outcome: errorCode === undefined ? undefined : failure(errorCode),
      })),
    })
  }
}

function requireGuid(name: string, value: string): void {
  if (!isGuid(value)) throw new TypeError(`"${name}" must be a GUID, got ${JSON.stringify(value)}.`)
}
