/**
 * How long after an upload was accepted does a 404 mean "not yet"? How soon the service knows a new upload or batch everywhere
 * is not documented: a minute is our assumption, made only here.
 */
const notYetThereMs = 60_000

/** Whether this response only means that the service does not know yet what it accepted that many milliseconds ago. */
export function isNotYetThere(status: number | undefined, sinceAcceptedMs: number): boolean {
  return status === 404 && isJustAccepted(sinceAcceptedMs)
}

/** Whether an upload was accepted so recently that a 404 would mean "not yet". */
export function isJustAccepted(sinceAcceptedMs: number): boolean {
  return sinceAcceptedMs < notYetThereMs
}
