/** What happens after a failed upload? Decided without clock and database. */
import { isPartnerCenterError } from '@devicebatch/client'

/**
 * Whether a failed upload is retried automatically: yes when a later attempt can succeed or someone will fix the sign-in, no
 * when the service refused the request.
 */
export function isWorthAnotherTry(error: unknown): boolean {
  // Any other error comes from this machine.
  if (!isPartnerCenterError(error)) return true
  if (error.code === 'invalid-argument') return false
  const status = 'status' in error ? error.status : undefined
  return (
    error.isRetryable ||
    error.isAmbiguous ||
    error.code === 'authentication' ||
    error.code === 'database' ||
    status === 401 ||
    status === 429
  )
}
