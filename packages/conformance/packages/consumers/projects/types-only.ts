import type { BatchUploadDetails, DeviceUploadStatus } from '@devicebatch/contract'
import type { paths } from '@devicebatch/contract'

export type Answer =
  paths['/customers/{customerId}/batchJobStatus/{batchTrackingId}']['get']['responses'][200]['content']['application/json']

export function failed(details: BatchUploadDetails): string[] {
  return (details.devicesStatus ?? []).flatMap(({ serialNumber, errorCode }) =>
    errorCode && serialNumber ? [serialNumber] : [],
  )
}

export const unknownWord: DeviceUploadStatus = 'a word of tomorrow'
export const answer = (body: Answer): string[] => failed(body)
