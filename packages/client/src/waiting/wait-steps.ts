/** What does a wait consist of? Polls and pauses, each within the remaining time. */
import { checkSignal, resolveMs, wait } from '@devicebatch/edge/internal'

import type { BatchUpload } from './batch-upload.ts'
import type { Schedule, WaitOptions } from './poll-schedule.ts'
import { sourceOf } from './poll-source.ts'
import type { Polled, PollStreak } from './poll.ts'
import { poll } from './poll.ts'

/** The two steps of a wait. Each ends with its signal, and throws what `onTimeout` returns when the time is up. */
export interface Steps {
  poll: (before: PollStreak | undefined, upload: BatchUpload, schedule: Schedule) => Promise<Polled>
  /**
   * @param polls How many times this upload was polled.
   * @param retryAfterMs How long the service asked to wait. If that is more than the remaining time, the pause ends at once.
   */
  pause: (delayMs: number, upload: BatchUpload, polls: number, retryAfterMs?: number) => Promise<void>
}

/** A timer that fires this late means that the process was suspended: no load delays it so much. */
const suspendedMs = 1_000
/** How long a wait that was suspended past its end may continue, to poll once more. */
const overtimeMs = 10_000

/**
 * @param onTimeout Creates the timeout error.
 * @param mayOverrun Whether a wait that was suspended past its end polls once more.
 */
export function createSteps(
  options: WaitOptions,
  onTimeout: (timeoutMs: number, retryAfterMs?: number) => Error,
  mayOverrun = true,
): Steps {
  const signal = checkSignal(options.signal)
  const timeoutMs = resolveMs('timeoutMs', options.timeoutMs, 1_800_000)
  let endsAt = performance.now() + timeoutMs
  let isOvertime = false
  const leftMs = (): number => Math.max(0, endsAt - performance.now())
  // A timer may fire a little early.
  const isOver = (): boolean => leftMs() < 1
  /** Timed out: throws, unless the last report is old because the process was suspended. */
  const end = (): void => {
    if (isOvertime || !mayOverrun || performance.now() - endsAt < suspendedMs) throw onTimeout(timeoutMs)
    isOvertime = true
    endsAt = performance.now() + overtimeMs
  }
  return {
    async poll(before, upload, schedule) {
      const { settings } = sourceOf(upload)
      for (;;) {
        if (isOver()) end()
        const polled = await poll(upload, before, schedule, Date.now(), {
          signal,
          timeoutMs: Math.min(leftMs(), settings.timeoutMs),
        })
        // A timeout is reported as such, not as a failed poll.
        if (polled.details || !isOver()) return polled
      }
    },
    async pause(delayMs, upload, polls, retryAfterMs) {
      const left = leftMs()
      if (isOvertime) throw onTimeout(timeoutMs)
      if (retryAfterMs !== undefined && retryAfterMs >= left) throw onTimeout(timeoutMs, retryAfterMs)
      sourceOf(upload).settings.observe?.({
        type: 'wait',
        reason: 'poll',
        delayMs,
        method: 'GET',
        path: '/customers/{customerId}/batchJobStatus/{batchTrackingId}',
        attempt: polls,
      })
      await wait(Math.min(delayMs, left), signal)
      // However early the timer fired, there is no time for another poll.
      if (left <= delayMs) end()
    },
  }
}
