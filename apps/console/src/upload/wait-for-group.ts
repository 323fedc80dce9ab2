/** Waits for the requests of an upload. */
import type { BatchUploadGroup, BatchUploadGroupReport } from '@devicebatch/client'

import type { Waiting } from '../status/wait.ts'
import { waitForUpload } from '../status/wait.ts'

/** The last report; undefined when there was none in time. `onUnfinished` is called when the wait ends before the upload. */
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
