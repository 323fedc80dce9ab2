/** Why did a call fail, and what is the next step? As data, for programs that show it to users. */
import type { AnyPartnerCenterError } from '@devicebatch/edge'
import { isPartnerCenterError } from '@devicebatch/edge'
import type { SignInReason } from '@devicebatch/edge/internal'
import { findEntraProblem } from '@devicebatch/edge/internal'

/** The kinds of causes. */
export type ErrorReason =
  | SignInReason
  | 'role-missing'
  | 'no-reseller-relationship'
  | 'user-required'
  | 'indirect-reseller'
  | 'agreement-missing'
  | 'sign-in-refused'
  | 'unknown-id'
  | 'bad-request'
  | 'too-large'
  | 'no-answer'
  | 'unexpected-answer'
  | 'bad-argument'
  | 'database'
  | 'unknown'

/** A failure in words: why, and what to do next. */
export interface ErrorExplanation {
  /** The kind of cause. */
  reason: ErrorReason
  /** What happened, in a sentence. */
  cause: string
  /** What to do, in a sentence. */
  nextStep: string
  /** Whether the same call may succeed later, unchanged. */
  isRetryable: boolean
  /** The IDs that the call was sent with; quote them to Microsoft support. */
  quote?: { requestId?: string; correlationId?: string }
}

/** One kind of failure: how to recognize it, and what it means. */
export interface Rule {
  reason: ErrorReason
  matches: (error: AnyPartnerCenterError, words: string) => boolean
  cause: string
  nextStep: string
}

const status = (error: AnyPartnerCenterError): number => (error.code === 'api' ? error.status : 0)
const serviceCode = (error: AnyPartnerCenterError, ...codes: string[]): boolean =>
  (error.code === 'api' || error.code === 'authentication') && codes.includes(error.serviceCode ?? '')
/** Registering devices needs neither DAP nor GDAP (Windows Autopilot, "Partner registration"). */
const askForRelationship =
  'send the customer the link for accepting you as its reseller: `devicebatch customers --invite` prints it, and it is in Partner Center > Customers > Request reseller relationship. Delegated administration (DAP or GDAP) is not required. Indirect resellers have no API access'
const creates = (error: AnyPartnerCenterError): boolean =>
  error.method === 'POST' && error.path === '/customers/{customerId}/deviceBatches'

/**
 * The first matching rule applies. Codes: Partner Center docs, "REST error codes", and issues of the official samples for
 * those missing from it (1002, 10001). Microsoft Entra's codes are in `entra-errors.ts` of edge.
 */
export const explanations: readonly Rule[] = [
  {
    reason: 'mfa-required',
    matches: (error, words) =>
      serviceCode(error, '900421', '10001') || (status(error) === 401 && /\bMFA\b/i.test(words)),
    cause:
      'The user did not sign in with multifactor authentication, which Partner Center has enforced step by step since June 2026.',
    nextStep: 'Sign in interactively with MFA, and use the refresh token from that sign-in.',
  },
  {
    reason: 'sign-in-refused',
    matches: (error) => error.code === 'authentication' && error.serviceCode !== undefined,
    cause: 'No access token could be obtained.',
    nextStep:
      "Check the tenant, client ID, client secret and consent; the error's own message contains Microsoft Entra's response.",
  },
  {
    reason: 'no-answer',
    matches: (error) => error.code === 'authentication' && error.isRetryable,
    cause:
      'No access token could be obtained: the sign-in service or the credential did not respond as expected.',
    nextStep:
      "Check the network and any proxy, then try again; the error's own message or its `cause` says what happened.",
  },
  {
    reason: 'sign-in-refused',
    matches: (error) => error.code === 'authentication',
    cause: 'The credential returned no usable access token.',
    nextStep:
      "Check the credential and what it reads, such as environment variables; the error's own message says what is wrong.",
  },
  {
    reason: 'unexpected-answer',
    // A gateway of the service that is overloaded or down sends a page too.
    matches: (error) => error.code === 'api' && error.isPage === true && !error.isRetryable,
    cause: 'The request was refused with an HTML page, which the service does not send.',
    nextStep: 'Check that no proxy, firewall or sign-in page responds in place of the service.',
  },
  {
    reason: 'sign-in-expired',
    matches: (error, words) => status(error) === 401 && /\bexpired\b/i.test(words),
    cause: 'The access token has expired.',
    nextStep:
      'Get a new token. A function that is passed as the credential must return a valid token each time; the other credentials renew theirs.',
  },
  {
    reason: 'no-reseller-relationship',
    matches: (error) => serviceCode(error, '20002'),
    cause:
      'The partner has no reseller relationship with this customer: the customer has not accepted the partner as its reseller.',
    nextStep: `Check the customer ID, and ${askForRelationship}.`,
  },
  {
    reason: 'agreement-missing',
    matches: (error) => serviceCode(error, '900124', '900149', '800039'),
    cause:
      'Your company has not accepted the Microsoft Partner Agreement, or its program status is not active.',
    nextStep: 'Have an administrator check the agreements and the program status in Partner Center.',
  },
  {
    reason: 'indirect-reseller',
    matches: (error) => serviceCode(error, '900123', '1002'),
    cause:
      'An indirect reseller has no access to this API, or has not accepted the Microsoft Partner Agreement.',
    nextStep: 'Have the indirect provider upload the devices, or use the CSV upload in the portal.',
  },
  {
    reason: 'role-missing',
    matches: (error, words) => serviceCode(error, '900150') || /does not have the rights/i.test(words),
    cause: 'The signed-in user or app lacks the required role.',
    nextStep:
      'Assign the Admin agent role or, for uploads and their status, the Sales agent role. If you signed in app-only, sign in as App+User: the newest documents require it for creating a batch.',
  },
  {
    reason: 'user-required',
    matches: (_, words) => /accessed by application credentials/i.test(words),
    cause: 'The service allows this only for a signed-in user, not with app-only sign-in.',
    nextStep: 'Sign in as App+User.',
  },
  {
    reason: 'user-required',
    matches: (error) => creates(error) && (status(error) === 401 || status(error) === 403),
    cause:
      'The service refused to create the batch. The newest documents allow this only for a signed-in user, not with app-only sign-in.',
    nextStep: `Sign in as App+User, and check that the user is an Admin agent or Sales agent. If only this customer is refused, ${askForRelationship}.`,
  },
  {
    reason: 'wrong-cloud',
    matches: (error) => status(error) === 401,
    cause: 'The service rejected the token.',
    nextStep:
      'Check that the token has not expired, that the app is registered in Partner Center, that the token is for the Partner Center audience, and that cloud and tenant match.',
  },
  {
    reason: 'role-missing',
    matches: (error) => status(error) === 403,
    cause: 'The service denied access.',
    nextStep: `Check the user's role and that the devices were added by this partner. If only this customer is refused, ${askForRelationship}.`,
  },
  {
    reason: 'unknown-id',
    matches: (error) => status(error) === 404 || serviceCode(error, '900118'),
    cause: 'The service does not know this customer, batch or upload.',
    nextStep:
      'Check the IDs. The result of an upload may also have expired: how long it is kept is not documented.',
  },
  {
    reason: 'no-answer',
    // A WaitTimeoutError or GroupWaitTimeoutError, from any copy of the package.
    matches: (error) =>
      error.code === 'timeout' && ('upload' in error || ('group' in error && !('unsent' in error))),
    cause: 'The upload had not ended when the time to wait for it was up.',
    nextStep: 'Wait for it again, with a longer `timeoutMs`: it continues at the service.',
  },
  {
    reason: 'throttled',
    // A call that was not sent has no status, but how long the service asked others to wait.
    matches: (error) =>
      status(error) === 429 || (error.code === 'timeout' && error.retryAfterMs !== undefined),
    cause: 'Too many requests were made for this partner or customer.',
    nextStep: 'Wait for `retryAfterMs` before the next request, and send fewer requests at a time.',
  },
  {
    reason: 'bad-request',
    matches: (_, words) => /sequence contains no matching element/i.test(words),
    cause:
      'The service could not process the format of the devices; this is known to happen when they contain empty lists.',
    nextStep: 'Send only the properties that identify each device, as deviceBatches.create does.',
  },
  {
    reason: 'too-large',
    matches: (error) => status(error) === 413,
    cause: 'The request contains more data than the service accepts.',
    nextStep: 'Send smaller chunks: set `chunkSize`, or `--chunk-size` on the command line.',
  },
  {
    reason: 'service-unavailable',
    matches: (error) => status(error) >= 500 || status(error) === 408,
    cause: 'The service failed.',
    nextStep:
      'Try again later. If `isAmbiguous` is true, first check whether the service processed the request.',
  },
  {
    reason: 'bad-request',
    matches: (error) => error.code === 'api',
    cause: 'The service rejected the request.',
    nextStep:
      "Correct what the service's description names; without one, check that no proxy responds in place of the service.",
  },
  {
    reason: 'no-answer',
    matches: (error) => error.code === 'connection' || error.code === 'timeout',
    cause: 'No response arrived.',
    nextStep:
      'Check the network and the base URL, then try again. If `isAmbiguous` is true, first check whether the service processed the request.',
  },
  {
    reason: 'unexpected-answer',
    matches: (error) => error.code === 'response',
    cause: 'The response does not match what the service is documented to send.',
    nextStep:
      'Check the base URL, and that no proxy or sign-in page responds in place of the service. If `isAmbiguous` is true, first check whether the service processed the request.',
  },
  {
    reason: 'bad-argument',
    matches: (error) => error.code === 'invalid-argument' && 'unsent' in error,
    cause: 'The devices or a callback stopped the upload, after a part of it was sent.',
    nextStep: "Correct what the error's message or its `cause` names, then resume the upload.",
  },
  {
    reason: 'bad-argument',
    matches: (error) => error.code === 'invalid-argument',
    cause: 'An argument was rejected before anything was sent.',
    nextStep: "Correct the value that the error's message names.",
  },
  {
    reason: 'database',
    matches: (error) => error.code === 'database',
    cause: 'The database could not be used.',
    nextStep: "Follow the error's message, which says what to do about the database.",
  },
]

/**
 * Explains why a call failed and what to do next.
 *
 * @param error What a call of this project rejected with; anything else is explained as `'unknown'`.
 * @example
 * ```ts
 * import { createPartnerCenter, explainError } from '@devicebatch/client'
 *
 * const partner = createPartnerCenter({ credential: () => process.env.DEVICEBATCH_TOKEN! })
 * const customer = partner.customers.byId('47021739-3426-40bf-9601-61b4b6d7c793')
 * try {
 *   await customer.batchUploadStatus.byId('0127ed8e-ff72-4983-a3d8-e8d8bd378932').get()
 * } catch (error) {
 *   const { cause, nextStep } = explainError(error)
 *   console.error(`${cause} ${nextStep}`)
 * }
 * ```
 */
export function explainError(error: unknown): ErrorExplanation {
  if (!isPartnerCenterError(error)) {
    return {
      reason: 'unknown',
      cause:
        'This error was not created by a call to Partner Center. It may be the reason of your own signal.',
      nextStep: 'Check its message and stack.',
      isRetryable: false,
    }
  }
  const words = wordsOf(error)
  const { reason, cause, nextStep } =
    signInProblem(error, words) ?? explanations.find(({ matches }) => matches(error, words))!
  const { requestId, correlationId } = error
  return {
    reason,
    cause,
    nextStep,
    isRetryable: error.isRetryable,
    ...(requestId !== undefined && {
      quote: { requestId, ...(correlationId !== undefined && { correlationId }) },
    }),
  }
}

/** What Microsoft Entra's code says about a failed sign-in. */
function signInProblem(
  error: AnyPartnerCenterError,
  words: string,
): Pick<ErrorExplanation, 'reason' | 'cause' | 'nextStep'> | undefined {
  const problem = error.code === 'authentication' ? findEntraProblem(words) : undefined
  return problem && { reason: problem.reason, cause: problem.cause, nextStep: problem.remedy }
}

/** The service's description, or the messages of a failed sign-in, including those of another library's credential. */
function wordsOf(error: AnyPartnerCenterError): string {
  if (error.code === 'api') return error.description ?? ''
  if (error.code !== 'authentication') return ''
  const message = (error.cause as { message?: unknown } | undefined)?.message
  return `${error.message} ${typeof message === 'string' ? message : ''}`
}
