/** Waits for the requests of an upload. */
import type { BatchUploadGroup, BatchUploadGroupReport, CustomerResource } from '@devicebatch/client'
import { isFinished, isPartnerCenterError } from '@devicebatch/client'

import type { Waiting } from '../status/wait.ts'
import { waitForUpload } from '../status/wait.ts'

/** The last report; undefined if there was none in time. `onUnfinished` is called if the wait ends before the upload. */
export function waitForGroup(
  group: BatchUploadGroup,
  waiting: Waiting,
  onUnfinished: () => void,
): Promise<BatchUploadGroupReport | undefined> {
  return waitForUpload({
    ...waiting,
    watch: (options) => group.watch(options),
    statusOf: ({ chunks }) => (chunks.find(({ outcome }) => outcome === 'pending') ?? chunks.at(-1))?.status,
    printResume: onUnfinished,
  })
}

/** Checks once whether every request of an upload has ended; one that the service no longer knows counts as ended. */
export async function hasEnded(
  { chunks }: BatchUploadGroup,
  customer: CustomerResource,
  signal: AbortSignal,
): Promise<boolean> {
  for (const { batchTrackingId } of chunks) {
    if (batchTrackingId === undefined) continue
    try {
      const details = await customer.batchUploadStatus.byId(batchTrackingId).get({ signal })
      if (!isFinished(details)) return false
    } catch (error) {
      const isLost = isPartnerCenterError(error) && error.code === 'api' && error.status === 404
      if (!isLost) throw error
    }
  }
  return true
}
