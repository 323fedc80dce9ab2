/** Responses of the service: the documented status of an upload, and the same with many devices. */
import type { BatchUploadDetails } from '@devicebatch/contract'

import { documented } from '../shared/samples.ts'

export { customerId, trackingId as batchTrackingId } from '../shared/samples.ts'

/** 446 bytes as JSON; Partner Center docs, "Get the status of a device batch upload". */
export const documentedStatus: BatchUploadDetails = {
  ...documented,
  attributes: { objectType: 'BatchUploadDetails' },
}

/** The documented status with the tracking ID at the end of a URL: a client rejects the status of another upload. */
export function statusAt(url: string, status = documentedStatus.status): Buffer<ArrayBuffer> {
  const batchTrackingId = url.slice(url.lastIndexOf('/') + 1)
  return Buffer.from(JSON.stringify({ ...documentedStatus, batchTrackingId, status }))
}

/** About 147 bytes per device as JSON: 14.7 MB for 100,000. */
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
