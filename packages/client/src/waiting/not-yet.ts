/**
 * How long after an upload was accepted does a 404 mean "not yet"? How soon the service knows a new upload or batch everywhere
 * is not documented: a minute is our assumption, and this is the only place where it stands.
 */
const notYetThereMs = 60_000

/** Whether this response says only that the service does not know yet what it accepted so many milliseconds ago. */
export function isNotYetThere(status: number | undefined, sinceAcceptedMs: number): boolean {
  return status === 404 && isJustAccepted(sinceAcceptedMs)
}

/** Whether an upload was accepted so short a time ago that a 404 would mean "not yet". */
export function isJustAccepted(sinceAcceptedMs: number): boolean {
  return sinceAcceptedMs < notYetThereMs
}
