/** How often is an upload polled, and for how long? */
import { checkNames, defaultPolling, resolveCount, resolveMs } from '@devicebatch/edge/internal'

/** How often an upload is polled. */
export interface PollSchedule {
  /** The time between the first two polls, in milliseconds; it doubles each time. Default 2,000. */
  initialIntervalMs?: number | undefined
  /** The longest time between two polls, in milliseconds. Default 30,000. A `Retry-After` from the service may exceed it. */
  maxIntervalMs?: number | undefined
  /** How many retryable failures in a row end the polling; from 1. Default 5. */
  maxFailures?: number | undefined
}

/** The options of `wait` and `watch`. */
export interface WaitOptions extends PollSchedule {
  /** Cancels the wait immediately; it then rejects with the signal's own reason. The batch itself continues. */
  signal?: AbortSignal | null | undefined
  /**
   * The timeout, in milliseconds. Default 1,800,000, half an hour; `Infinity` waits forever. A process that was
   * suspended past it polls once more, for at most ten seconds.
   */
  timeoutMs?: number | undefined
}

/** {@link PollSchedule}, checked and with every default filled in. */
export type Schedule = Required<{ [Name in keyof PollSchedule]: number }>

/** The names of {@link WaitOptions}. */
export const waitNames: Readonly<Record<keyof WaitOptions, true>> = {
  signal: true,
  timeoutMs: true,
  initialIntervalMs: true,
  maxIntervalMs: true,
  maxFailures: true,
}

/** Checks the schedule and fills in its defaults; `names` are those of all options beside it. */
export function resolveSchedule(
  options: PollSchedule,
  names: Readonly<Record<string, true>> = waitNames,
): Schedule {
  checkNames(options, names)
  const initialIntervalMs = resolveMs(
    'initialIntervalMs',
    options.initialIntervalMs,
    defaultPolling.initialIntervalMs,
  )
  return {
    initialIntervalMs,
    maxIntervalMs: Math.max(
      initialIntervalMs,
      resolveMs('maxIntervalMs', options.maxIntervalMs, defaultPolling.maxIntervalMs),
    ),
    maxFailures: resolveCount('maxFailures', options.maxFailures, 1, defaultPolling.maxFailures),
  }
}

/** The time from poll number `polls` to the next: doubling, and up to a tenth shorter, so that many uploads do not poll in lockstep. */
export function intervalMs(
  polls: number,
  { initialIntervalMs, maxIntervalMs }: Schedule,
  random: number,
): number {
  return Math.min(initialIntervalMs * 2 ** (polls - 1), maxIntervalMs) * (1 - random / 10)
}
