/** What the service answers: the documented status of an upload, and the same with many devices. */
import type { BatchUploadDetails } from '@devicebatch/contract'

export const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'
export const batchTrackingId = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'

/** 446 bytes as JSON; Partner Center docs, "Get the status of a device batch upload". */
export const documentedStatus: BatchUploadDetails = {
  batchTrackingId,
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
  attributes: { objectType: 'BatchUploadDetails' },
}

/** About 147 bytes a device as JSON: 14.7 MB for 100,000. */
export function statusOfDevices(count: number): BatchUploadDetails {
  return {
    ...documentedStatus,
    devicesStatus: Array.from({ length: count }, (_, index) => ({
      deviceId: `9f2c1d7e-5b1a-4c3d-8e2f-${index.toString(16).padStart(12, '0')}`,
      serialNumber: String(index).padStart(7, '0'),
      status: 'finished',
      attributes: { objectType: 'DeviceUploadDetails' },
    })),
  }
}
