/** What does polling need from an upload besides its public methods? A fake with the same methods does not have it. */
import { InvalidArgumentError } from '@devicebatch/edge'
import type { Settings } from '@devicebatch/edge/internal'

export interface PollSource {
  settings: Settings
  /**
   * When the service accepted it, on the monotonic clock; absent when another process uploaded it, or when the time is unknown.
   */
  acceptedAt: number | undefined
}

/** The member that holds it; registered, so that every copy of this package finds it. */
export const pollSource: unique symbol = Symbol.for('devicebatch.pollSource')

/** Throws `InvalidArgumentError` when the upload was not created by this package. */
export function sourceOf(upload: object): PollSource {
  const source = (upload as { [pollSource]?: PollSource } | null | undefined)?.[pollSource]
  if (source) return source
  throw new InvalidArgumentError(
    '`upload` must be what batchUpload(), batchUploadStatus.byId(), fromLocation() or deviceBatches.create() returned.',
  )
}
