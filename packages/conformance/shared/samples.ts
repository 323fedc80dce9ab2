/** What several tests send and expect. The IDs and the upload come from the Partner Center documentation. */
import type { BatchUploadDetails, NewDevice } from '@devicebatch/contract'

export const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'
export const trackingId = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'
export const statusPath: string = `/customers/${customerId}/batchJobStatus/${trackingId}`

/** The upload of "Get the status of a device batch upload": it finished, but its device failed. */
export const documented: BatchUploadDetails = {
  batchTrackingId: trackingId,
  status: 'finished',
  startedTime: '2017-07-25T10:00:00',
  completedTime: '2017-07-25T10:10:00',
  devicesStatus: [
    {
      serialNumber: '1234567890',
      productKey: '12345-67890-09876-54321-13579',
      status: 'finished_with_errors',
      errorCode: '808',
      errorDescription: 'ZtdDeviceAssignedToOtherTenant',
      attributes: { objectType: 'DeviceUploadDetails' },
    },
  ],
}

/** A device that the emulator registers, or fails when its serial number begins with `EMU` and a code. */
export function device(serialNumber: string): NewDevice {
  return { serialNumber, oemManufacturerName: 'Contoso', modelName: 'Tablet 3' }
}

/** Options for polls that a test can sit through. */
export const soon = { initialIntervalMs: 5, maxIntervalMs: 20 }
