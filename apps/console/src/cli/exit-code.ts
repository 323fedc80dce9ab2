/** What does the command's exit code say? */
import type { BatchOutcome, DeviceCounts } from '@devicebatch/client'

/** Every exit code of the command. The interruptions are the shell's custom: 128 and the number of the signal. */
export const exitCodes = {
  /** Every row is registered; one that was registered before counts. */
  registered: 0,
  /** The job itself failed: bad input, no access, no connection. */
  failed: 1,
  /** A row was skipped, failed, or nobody can say what became of it. */
  incomplete: 2,
  /** The batch has not ended. */
  pending: 3,
  SIGINT: 130,
  SIGTERM: 143,
} as const

/** What is known of the rows beyond what the service says. */
export interface RowCounts {
  /** How many devices were sent; absent when no file is at hand. */
  sent?: number | undefined
  /** How many rows of the file were not sent. */
  skipped: number
}

/** Decides by the devices: a batch that says `finished` may hold devices that failed, or leave some out. */
export function exitCodeOf(
  { outcome, counts }: { outcome: BatchOutcome; counts: DeviceCounts },
  { sent, skipped }: RowCounts,
): 0 | 2 | 3 {
  if (outcome === 'pending') return exitCodes.pending
  const isRegistered = outcome === 'succeeded' && skipped === 0 && counts.total >= (sent ?? 0)
  return isRegistered ? exitCodes.registered : exitCodes.incomplete
}
