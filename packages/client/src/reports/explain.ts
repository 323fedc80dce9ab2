/** Why did a call fail, and what is the next step? As data, for those who show it to somebody. */
import type { AnyPartnerCenterError } from '@devicebatch/edge'
import { isPartnerCenterError } from '@devicebatch/edge'
import type { SignInReason } from '@devicebatch/edge/internal'
import { findEntraProblem } from '@devicebatch/edge/internal'

/** The kinds of causes that are told apart. */
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
  | 'unknown'

/** A failure in words: why, and what to do next. */
export interface ErrorExplanation {
  /** What kind of cause it is. */
  reason: ErrorReason
  /** What happened, in a sentence. */
  cause: string
  /** What to do, in a sentence. */
  nextStep: string
  /** Whether the same call may succeed later without anything being changed. */
  retryable: boolean
  /** What to quote to Microsoft support: the ids that the call was sent with. */
  quote?: { requestId?: string; correlationId?: string }
}

/** One kind of failure: how it is told, and what it means. */
export interface Rule {
  reason: ErrorReason
  matches: (error: AnyPartnerCenterError, words: string) => boolean
  cause: string
  nextStep: string
}

const status = (error: AnyPartnerCenterError): number => (error.code === 'api' ? error.status : 0)
const serviceCode = (error: AnyPartnerCenterError, ...codes: string[]): boolean =>
  (error.code === 'api' || error.code === 'authentication') && codes.includes(error.serviceCode ?? '')
/** FACTS 13.1: registering devices needs neither DAP nor GDAP. */
const askForRelationship =
  'send the customer the link to accept a reseller relationship: Partner Center > Customers > Request reseller relationship; delegated administration (DAP, GDAP) is not needed'
const creates = (error: AnyPartnerCenterError): boolean =>
  error.method === 'POST' && error.path === '/customers/{customerId}/deviceBatches'

/**
 * The first rule that matches is the answer. Codes: Partner Center docs, "REST error codes", and threads of the official
 * samples for those that the table lacks (1002, 10001). Microsoft Entra's codes stand in `entra-errors.ts` of edge.
 */
export const explanations: readonly Rule[] = [
  {
    reason: 'mfa-required',
    matches: (error, words) =>
      serviceCode(error, '900421', '10001') || (status(error) === 401 && /\bMFA\b/i.test(words)),
    cause:
      'The user did not sign in with multifactor authentication, which Partner Center enforces step by step since June 2026.',
    nextStep: 'Sign in interactively with MFA, and use the refresh token of that sign-in.',
  },
  {
    reason: 'sign-in-refused',
    matches: (error) => error.code === 'authentication',
    cause: 'No access token could be obtained.',
    nextStep:
      "Check tenant, client id, client secret and consent; the error's own message names what Microsoft Entra responded.",
  },
  {
    reason: 'no-reseller-relationship',
    matches: (error) => serviceCode(error, '20002'),
    cause: 'The partner has no reseller relationship with this customer.',
    nextStep: `Check the customer id, and ${askForRelationship}.`,
  },
  {
    reason: 'agreement-missing',
    matches: (error) => serviceCode(error, '900124', '900149', '800039'),
    cause:
      'The own company has not accepted the Microsoft Partner Agreement, or its program status is not active.',
    nextStep: 'Have an administrator look at agreements and program status in Partner Center.',
  },
  {
    reason: 'indirect-reseller',
    matches: (error) => serviceCode(error, '900123', '1002'),
    cause:
      'An indirect reseller has no access to this API, or has not accepted the Microsoft Partner Agreement.',
    nextStep: 'Let the indirect provider upload the devices, or use the CSV upload of the portal.',
  },
  {
    reason: 'role-missing',
    matches: (error, words) => serviceCode(error, '900150') || /does not have the rights/i.test(words),
    cause: 'The signed-in user or app has not the role for this.',
    nextStep: 'Give it the role Admin agent or, for uploads and their status, Sales agent.',
  },
  {
    reason: 'user-required',
    matches: (_, words) => /accessed by application credentials/i.test(words),
    cause: 'The service allows this only to a signed-in user, not to an app alone.',
    nextStep: 'Sign in as App+User.',
  },
  {
    reason: 'user-required',
    matches: (error) => creates(error) && (status(error) === 401 || status(error) === 403),
    cause:
      'Creating a batch was refused. The newest documents allow it only to a signed-in user, not to an app alone.',
    nextStep: `Sign in as App+User, and check that the user is an Admin agent or Sales agent. If only this customer is refused, ${askForRelationship}.`,
  },
  {
    reason: 'wrong-cloud',
    matches: (error) => status(error) === 401,
    cause: 'The service refused the token.',
    nextStep:
      'Check that the app is registered in Partner Center, that the token is for its audience, and that cloud and tenant fit.',
  },
  {
    reason: 'role-missing',
    matches: (error) => status(error) === 403,
    cause: 'The service denies access.',
    nextStep: `Check the user's role and that the devices were added by this partner. If only this customer is refused, ${askForRelationship}.`,
  },
  {
    reason: 'unknown-id',
    matches: (error) => status(error) === 404 || serviceCode(error, '900118'),
    cause: 'The service knows no such customer, batch or upload.',
    nextStep:
      'Check the ids. The result of an upload may also have expired: how long it is kept is not documented.',
  },
  {
    reason: 'throttled',
    matches: (error) => status(error) === 429,
    cause: 'Too many requests were made for this partner or customer.',
    nextStep: 'Wait as long as retryAfterMs says before the next request, and send fewer at a time.',
  },
  {
    reason: 'bad-request',
    matches: (_, words) => /sequence contains no matching element/i.test(words),
    cause:
      'The service failed on the form of the devices, not on what they are; it is known to do that with empty lists in them.',
    nextStep: 'Send only what identifies each device, as deviceBatches.create does.',
  },
  {
    reason: 'too-large',
    matches: (error) => status(error) === 413,
    cause: 'The request has more devices, or larger ones, than the service accepts.',
    nextStep: 'Send smaller chunks: `chunkSize`, or `--chunk-size` of the command.',
  },
  {
    reason: 'service-unavailable',
    matches: (error) => status(error) >= 500 || status(error) === 408,
    cause: 'The service failed.',
    nextStep: 'Try again later. If `ambiguous` is true, look first whether it was done.',
  },
  {
    reason: 'bad-request',
    matches: (error) => error.code === 'api',
    cause: 'The service refused what was sent.',
    nextStep: 'Correct what its description names.',
  },
  {
    reason: 'no-answer',
    matches: (error) => error.code === 'connection' || error.code === 'timeout',
    cause: 'No answer came.',
    nextStep:
      'Check the network and the base URL, then try again. If `ambiguous` is true, look first whether it was done.',
  },
  {
    reason: 'unexpected-answer',
    matches: (error) => error.code === 'response',
    cause: 'The answer was not what the service is documented to send.',
    nextStep: 'Check that no proxy or sign-in page answers in its place, and the base URL.',
  },
  {
    reason: 'bad-argument',
    matches: (error) => error.code === 'invalid-argument',
    cause: 'A value was refused before anything was sent.',
    nextStep: "Correct what the error's own message names.",
  },
]

/**
 * Says why a call failed and what the next step is.
 *
 * @param error What a call of this project rejected with; anything else is explained as `'unknown'`.
 * @example
 * ```ts
 * import { createPartnerCenter, explain } from '@devicebatch/client'
 *
 * const partner = createPartnerCenter({ credential: () => process.env.DEVICEBATCH_TOKEN! })
 * const customer = partner.customers.byId('47021739-3426-40bf-9601-61b4b6d7c793')
 * try {
 *   await customer.batchUploadStatus.byId('0127ed8e-ff72-4983-a3d8-e8d8bd378932').get()
 * } catch (error) {
 *   const { cause, nextStep } = explain(error)
 *   console.error(`${cause} ${nextStep}`)
 * }
 * ```
 */
export function explain(error: unknown): ErrorExplanation {
  if (!isPartnerCenterError(error)) {
    return {
      reason: 'unknown',
      cause: 'This error does not come from a call to Partner Center.',
      nextStep: 'Look at its own message and stack.',
      retryable: false,
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
    retryable: error.isRetryable,
    ...(requestId !== undefined && {
      quote: { requestId, ...(correlationId !== undefined && { correlationId }) },
    }),
  }
}

/** What Microsoft Entra's code says of a failed sign-in. */
function signInProblem(
  error: AnyPartnerCenterError,
  words: string,
): Pick<ErrorExplanation, 'reason' | 'cause' | 'nextStep'> | undefined {
  const problem = error.code === 'authentication' ? findEntraProblem(words) : undefined
  return problem && { reason: problem.reason, cause: problem.cause, nextStep: problem.remedy }
}

/** The service's own words, and those of the credential behind a failed sign-in, which is often another library's. */
function wordsOf(error: AnyPartnerCenterError): string {
  if (error.code === 'api') return error.description ?? ''
  if (error.code !== 'authentication') return ''
  const message = (error.cause as { message?: unknown } | undefined)?.message
  return `${error.message} ${typeof message === 'string' ? message : ''}`
}
