/** Why did a sign-in fail? Decides which page is shown, and what the log says. */
import * as oauth from 'oauth4webapi'

/** What the visitor can do differs for each of them. */
export type SignInFailure =
  /** The provider does not respond, or says that it is down. */
  | 'unreachable'
  /** The provider did not let the visitor in, or the visitor cancelled. */
  | 'denied'
  /** The code was used already, or is too old. */
  | 'expired'
  /** The provider refuses the dashboard: its secret has expired, or its registration is wrong. */
  | 'misconfigured'
  /** The response is not for this dashboard or this sign-in, or nobody knows who signed it. */
  | 'invalid'
  /** The clocks differ too much. */
  | 'clock'

const deniedCodes = [
  'access_denied',
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]
const downCodes = ['temporarily_unavailable', 'server_error']
const longestText = 300

/** The kind of a failure, and a line about it for the log: never a token, a code or a secret. */
export function describeFailure(error: unknown): { kind: SignInFailure; message: string } {
  return { kind: kindOf(error), message: messageOf(error).slice(0, longestText) }
}

function kindOf(error: unknown): SignInFailure {
  if (error instanceof oauth.AuthorizationResponseError) {
    if (deniedCodes.includes(error.error)) return 'denied'
    return downCodes.includes(error.error) ? 'unreachable' : 'misconfigured'
  }
  if (error instanceof oauth.ResponseBodyError) {
    if (error.status >= 500 || downCodes.includes(error.error)) return 'unreachable'
    return ['invalid_grant', 'interaction_required'].includes(error.error) ? 'expired' : 'misconfigured'
  }
  if (error instanceof oauth.WWWAuthenticateChallengeError) return 'misconfigured'
  if (error instanceof oauth.OperationProcessingError) {
    if (error.code === oauth.JWT_TIMESTAMP_CHECK) return 'clock'
    return statusOf(error) >= 500 ? 'unreachable' : 'invalid'
  }
  const isOurs = error instanceof oauth.UnsupportedOperationError || codeOf(error).startsWith('ERR_INVALID')
  return isOurs ? 'invalid' : 'unreachable'
}

/** The codes of oauth4webapi and of Node for a value that cannot be used, such as an endpoint that is missing. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function messageOf(error: unknown): string {
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
    return error.error_description ? `${error.error}: ${error.error_description}` : error.error
  }
  if (!(error instanceof Error)) return String(error)
  const status = statusOf(error)
  const { cause } = error
  if (status > 0) return `${error.message} (HTTP ${status})`
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message
}

/** The HTTP status of the response that could not be used; 0 if that was not the problem. */
function statusOf({ cause }: Error): number {
  // Not by its class: a listener may have replaced the global one.
  const status = typeof cause === 'object' && cause !== null && 'status' in cause ? cause.status : 0
  return typeof status === 'number' ? status : 0
}
