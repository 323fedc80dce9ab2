/** How long can a wait last where the host limits requests or time? */
import { resolveCount, resolveMs } from '@devicebatch/edge/internal'

import type { BatchUpload } from './batch-upload.ts'
import type { PollResult } from './poll-once.ts'
import { toResult } from './poll-once.ts'
import type { PollSchedule } from './poll-schedule.ts'
import { resolveSchedule } from './poll-schedule.ts'
import type { PollState } from './poll-state.ts'
import { checkState } from './poll-state.ts'
import { createSteps } from './wait-steps.ts'

/** The limits of the host; the options of {@link pollWithin}. */
export interface PollWithinOptions extends PollSchedule {
  /**
   * How many polls may be made, from 1. Each is one request to the service; a request for a token may be added, and after a 401
   * one more of each. Default: any number.
   */
  maxPolls?: number | undefined
  /** How much time may pass, including the requests, in milliseconds. Default: `Infinity`. */
  maxTimeMs?: number | undefined
  /** Cancels it immediately; it then rejects with the signal's own reason. */
  signal?: AbortSignal | null | undefined
}

/**
 * Polls an upload until the batch has ended or the host's limits are reached, whichever comes first: where the host would kill a
 * longer wait, this one stops and says how to continue.
 *
 * @param upload The upload to poll.
 * @param saved The state of an earlier run, or of `pollOnce`; `undefined` at the first.
 * @param limits What the host allows, and the schedule of polls.
 * @returns The last poll's result, as `pollOnce` has it. When `next.kind` is `'wait'`, the limits came first: save `state`, and
 * continue from it, here or elsewhere, at `next.at`. `report` is the last report of this run; absent when no poll succeeded.
 * Rejects with {@link InvalidArgumentError} when a limit is invalid or `saved` belongs to another upload, and with the signal's
 * own reason when it is aborted.
 * @example
 * ```ts
 * import type { BatchUpload, PollState } from '@devicebatch/client'
 * import { pollWithin } from '@devicebatch/client'
 *
 * export async function onRequest(upload: BatchUpload, saved: PollState | undefined): Promise<Response> {
 *   const { state, report, next } = await pollWithin(upload, saved, { maxPolls: 10, maxTimeMs: 20_000 })
 *   return next.kind === 'wait' ? Response.json(state, { status: 202 }) : Response.json(report)
 * }
 * ```
 */
export async function pollWithin(
  upload: BatchUpload,
  saved: PollState | undefined,
  limits: PollWithinOptions,
): Promise<PollResult> {
  const { signal } = limits
  const maxPolls =
    limits.maxPolls === Infinity ? Infinity : resolveCount('maxPolls', limits.maxPolls, 1, Infinity)
  const maxTimeMs = resolveMs('maxTimeMs', limits.maxTimeMs, Infinity)
  const schedule = resolveSchedule(limits, limitNames)
  const before = checkState(upload, saved)
  const timeIsUp = new Error('The time is up.')
  const { poll, pause } = createSteps({ signal, timeoutMs: maxTimeMs }, () => timeIsUp, false)
  const endsAt = performance.now() + maxTimeMs

  let result = notPolled(upload, before)
  for (let polls = 0; polls < maxPolls && result.next.kind === 'wait'; polls++) {
    const { delayMs } = result.next
    if (delayMs >= endsAt - performance.now()) break
    try {
      if (delayMs > 0) await pause(delayMs, upload, result.state.polls)
      const polled = toResult(upload, result.state, await poll(result.state, upload, schedule))
      const { report = result.report } = polled
      result = { ...polled, changed: polled.changed || result.changed, ...(report && { report }) }
    } catch (error) {
      // A poll that was cut off because the time was up does not count.
      if (error === timeIsUp) break
      throw error
    }
  }
  return result
}

const limitNames: Readonly<Record<keyof PollWithinOptions, true>> = {
  maxPolls: true,
  maxTimeMs: true,
  signal: true,
  initialIntervalMs: true,
  maxIntervalMs: true,
  maxFailures: true,
}

/** The result before the first poll: the only one whose time comes from the clock, since another process may have saved it. */
function notPolled({ customerId, batchTrackingId }: BatchUpload, saved: PollState | undefined): PollResult {
  const now = Date.now()
  const state = saved ?? { version: 1, customerId, batchTrackingId, polls: 0, failures: 0, dueAt: now }
  const delayMs = Math.max(0, state.dueAt - now)
  return { state, changed: false, next: { kind: 'wait', delayMs, at: state.dueAt } }
}
