/** What does the exit code of the command mean? */
import type { BatchOutcome, DeviceCounts } from '@devicebatch/client'

/** Every exit code of the command. After an interruption it is 128 plus the signal number, as in a shell. */
export const exitCodes = {
  /** Every row is registered; already registered counts. */
  registered: 0,
  /** The command failed: no access, no connection, a setting is missing. */
  failed: 1,
  /** A row was skipped or failed, or its result is unknown. */
  incomplete: 2,
  /** An argument or a file that it names is wrong. Nothing was sent, and `error.code` of `--json` is `usage`. */
  usage: 2,
  /** The batch has not finished. */
  pending: 3,
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
  /** Ctrl-Break on Windows. */
  SIGBREAK: 149,
} as const

/** What is known about the rows besides the service's results. */
export interface RowCounts {
  /** How many devices were sent; absent if that is unknown. */
  sent?: number | undefined
  /** How many rows of the file were not sent. */
  skipped: number
}

/** Decides by the devices: a `finished` batch can contain failed devices or leave some out. */
export function exitCodeOf(
  { outcome, counts }: { outcome: BatchOutcome; counts: DeviceCounts },
  { sent, skipped }: RowCounts,
): 0 | 2 | 3 {
  if (outcome === 'pending') return exitCodes.pending
  const isRegistered = outcome === 'succeeded' && skipped === 0 && counts.total >= (sent ?? 0)
  return isRegistered ? exitCodes.registered : exitCodes.incomplete
}
