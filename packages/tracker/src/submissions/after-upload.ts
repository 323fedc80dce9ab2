/** An upload did not come to its end: what now? Decided here, without clock and database. */
import { isPartnerCenterError } from '@devicebatch/client'

/**
 * Whether a failed upload is tried again later, by itself: yes when a later try can succeed or somebody will mend the sign-in,
 * no when the service refused what was sent.
 */
export function isWorthAnotherTry(error: unknown): boolean {
  // What is none of the service's errors is one of the database or of this machine.
  if (!isPartnerCenterError(error)) return true
  if (error.code === 'invalid-argument') return false
  const status = 'status' in error ? error.status : undefined
  return (
    error.isRetryable ||
    error.ambiguous ||
    error.code === 'authentication' ||
    status === 401 ||
    status === 429
  )
}
