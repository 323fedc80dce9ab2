/** What must compile and what must not: checked by `tsc`, never run. */
import type { BatchUploadDetails } from '@devicebatch/contract'
import type {
  AnyPartnerCenterError,
  BatchUploadId,
  parseBatchLocation,
  PartnerCenterError,
  CallOptions,
  PartnerCenterErrorCode,
  PartnerCenterEvent,
  PartnerFetch,
  PartnerFetchOptions,
  TokenCredential,
} from '@devicebatch/edge'
import {
  ApiError,
  createPartnerFetch,
  getBatchUploadStatus,
  InvalidArgumentError,
  isFinished,
  isPartnerCenterError,
  TimeoutError,
} from '@devicebatch/edge'
import { appOnly, appUser } from '@devicebatch/edge/credentials'

type Equals<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

// A partner fetch can be used as a fetch.
const partnerFetch = createPartnerFetch({ credential: () => 'token' })
void (true satisfies Equals<typeof partnerFetch, PartnerFetch>)
const asFetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response> = partnerFetch
void asFetch

// Options: which are required, which have known values, and that `undefined` means "not given".
createPartnerFetch({ credential: async () => 'token', cloud: 'china', retry: false, timeoutMs: Infinity })
createPartnerFetch({
  credential: () => '',
  cloud: undefined,
  retry: { limit: undefined },
  observe: undefined,
})
// @ts-expect-error -- a credential is required
createPartnerFetch({})
// @ts-expect-error -- no such cloud
createPartnerFetch({ credential: () => '', cloud: 'mars' })
// @ts-expect-error -- true means nothing
createPartnerFetch({ credential: () => '', retry: true })
// @ts-expect-error -- durations end in Ms
createPartnerFetch({ credential: () => '', timeout: 5 })
// @ts-expect-error -- a credential returns text
createPartnerFetch({ credential: () => 5 })
void (true satisfies Equals<
  keyof CallOptions,
  'signal' | 'timeoutMs' | 'retry' | 'requestId' | 'correlationId' | 'onAccepted'
>)

// A credential of `@azure/identity`, by its shape.
interface AzureCredential {
  getToken(
    scopes: string | string[],
    options?: { abortSignal?: { readonly aborted: boolean }; claims?: string; tenantId?: string },
  ): Promise<{
    token: string
    expiresOnTimestamp: number
    refreshAfterTimestamp?: number
    tokenType?: 'Bearer' | 'pop'
  } | null>
}
declare const azure: AzureCredential
createPartnerFetch({ credential: azure })

const credentialOptions = { tenantId: '', clientId: '', clientSecret: '' }
const credential: TokenCredential = appOnly(credentialOptions)
createPartnerFetch({ credential } satisfies PartnerFetchOptions)
appUser({ ...credentialOptions, refreshToken: '', onRefreshToken: async () => {} })
// @ts-expect-error -- a rotated refresh token must be stored
appUser({ ...credentialOptions, refreshToken: '' })
// @ts-expect-error -- a secret or an assertion is required
appOnly({ tenantId: '', clientId: '' })
appOnly({ tenantId: '', clientId: '', clientAssertion: async ({ tokenEndpoint }) => tokenEndpoint })
// @ts-expect-error -- not both
appOnly({ ...credentialOptions, clientAssertion: () => '' })
appUser({ ...credentialOptions, refreshToken: async () => '', onRefreshToken: () => {} })

// The status, by names.
void (true satisfies Equals<ReturnType<typeof getBatchUploadStatus>, Promise<BatchUploadDetails>>)
void (true satisfies Equals<ReturnType<typeof parseBatchLocation>, BatchUploadId>)
void getBatchUploadStatus(partnerFetch, { customerId: '', batchTrackingId: '' }, { timeoutMs: 5 })
// @ts-expect-error -- both IDs are required
void getBatchUploadStatus(partnerFetch, { customerId: '' })
// @ts-expect-error -- a plain fetch has neither our transport nor our signature
void getBatchUploadStatus(5, { customerId: '', batchTrackingId: '' })
const ended: boolean = isFinished({ batchTrackingId: '', status: 'a word of tomorrow' })
void ended

// Errors narrow by `code`, and every code has its class.
export function describe(error: unknown): string | undefined {
  if (!isPartnerCenterError(error)) return undefined
  void (true satisfies Equals<typeof error, AnyPartnerCenterError>)
  void (true satisfies Equals<(typeof error)['code'], PartnerCenterErrorCode>)
  switch (error.code) {
    case 'api':
      return `${error.status} ${error.serviceCode ?? ''} ${error.retryAfterMs ?? 0}`
    case 'response':
      return `${error.status}`
    case 'connection':
    case 'timeout':
    case 'authentication':
    case 'invalid-argument':
    case 'database':
      // @ts-expect-error -- without a response there is no status
      return `${error.requestId} ${error.status}`
    default:
      return error satisfies never
  }
}
const code: 'api' = new ApiError('', { status: 500, isRetryable: true }).code
void code
const base: PartnerCenterError = new TimeoutError('')
void base
// @ts-expect-error -- an error is read-only
new InvalidArgumentError('').isRetryable = true

// Events narrow by `type`.
export function log(event: PartnerCenterEvent): void {
  if (event.type === 'wait') void (true satisfies Equals<typeof event.delayMs, number>)
  if (event.type === 'attempt') void [event.status, event.isMfaCompliant, event.attempt]
  // @ts-expect-error -- a token event has no status
  if (event.type === 'token') void event.status
}
