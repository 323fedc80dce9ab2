/** The definition of a case: what the server does, how the call is made, and the expected result. */
import type { PartnerCenter, WaitOptions } from '@devicebatch/client'
import type {
  CallOptions,
  PartnerFetch,
  PartnerFetchOptions,
  RetryReason,
  TokenCredential,
  TokenFunction,
} from '@devicebatch/edge'

import { documented } from '../shared/samples.ts'
import type { Reply } from './fault-server.ts'

export interface FaultCase {
  /** A sentence: what happens, and the result. */
  name: string
  /** What the server does with the first request, the second, …; the last entry applies to all later ones. */
  script: readonly Reply[]
  /** The same for the requests to the token endpoint. */
  tokenScript?: readonly Reply[]
  /**
   * How the call is made. `'read'` (default): twice, by `getBatchUploadStatus` and by `upload.get()`, which must have
   * the same result. `'create'`: `deviceBatches.create()`. `'wait'`: `upload.wait()`. Or anything else, once.
   */
  call?: 'read' | 'create' | 'wait' | ((doors: Doors) => Promise<unknown>)
  options?: Omit<Partial<PartnerFetchOptions>, 'baseUrl' | 'cloud' | 'credential' | 'observe'>
  /** Default: a function that always returns `token(1)`. */
  credential?: (origin: string) => TokenCredential | TokenFunction
  callOptions?: CallOptions
  waitOptions?: WaitOptions
  /** Connections are refused until the first wait has been decided. */
  refusedAtFirst?: true
  /** The caller aborts once this many waits have been decided, so that the test does not have to wait. */
  abortAtWait?: number

  /** How many requests reach the server. */
  requests: number
  /** How many attempts the client makes. Default: one for each request, and for each refused connection. */
  attempts?: number
  /** How many of them reach the token endpoint. Default 0. */
  tokenRequests?: number
  /** The token on each request. Default `token(1)` on all. */
  tokens?: readonly string[]
  /** The waits that the client decides on, in order. Default none. */
  waits?: readonly ExpectedWait[]
  /** The minimum time between two successive requests, in milliseconds. */
  gapMs?: number
  /** The resulting value; `upload` of `create` as its JSON, the report of `wait` as {@link waited}. */
  gives?: unknown
  /** All properties of the error except its message and the IDs. */
  fails?: ExpectedError
  /** The expected content of the message. */
  says?: RegExp
}

export interface Doors {
  partnerFetch: PartnerFetch
  partner: PartnerCenter
  signal: AbortSignal
}

/** A backoff of our own, which is checked against the policy, or a wait of exactly or about the requested time. */
export type ExpectedWait =
  | RetryReason
  | 'poll'
  | { reason: RetryReason | 'poll'; delayMs: number; orLess?: number }

export interface ExpectedError {
  name: string
  code: string
  isRetryable: boolean
  isAmbiguous: boolean
  attempts?: number
  [detail: string]: unknown
}

/** Part of every token and of the client secret; it must not appear in any error or event. */
export const secret = 'tops3cret'
export const token = (number: number): string => `token-${number}-${secret}`

export const retry = { limit: 3, baseDelayMs: 1, maxDelayMs: 4 }
export const schedule = { initialIntervalMs: 1, maxIntervalMs: 4 }

export const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'
export const batchTrackingId = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'
export const statusPath = `/customers/${customerId}/batchJobStatus/${batchTrackingId}`

/** The documented response of the status endpoint. */
export const finished = {
  ...documented,
  attributes: { objectType: 'BatchUploadDetails' },
}
export const processing = { batchTrackingId, status: 'processing' }
/** The report for {@link finished}. */
export const waited = { status: 'finished', outcome: 'failed', total: 1, failed: 1 }

/** The result of an upload of {@link newBatch}. */
export const accepted = { customerId, batchTrackingId }
export const newBatch = {
  batchId: 'Front desk',
  devices: [{ serialNumber: '1R9-ZNP67', oemManufacturerName: 'Contoso', modelName: 'Tablet 3' }],
}

const word = { isRetryable: false, isAmbiguous: false, attempts: 1 }

/** An `ApiError` after one attempt that is not retryable, unless overridden. */
export function apiError(status: number, rest: Partial<ExpectedError> = {}): ExpectedError {
  return { name: 'ApiError', code: 'api', status, ...word, ...rest }
}

export function responseError(status: number, rest: Partial<ExpectedError> = {}): ExpectedError {
  return { name: 'ResponseError', code: 'response', status, ...word, ...rest }
}

export function connectionError(attempts: number, rest: Partial<ExpectedError> = {}): ExpectedError {
  return { name: 'ConnectionError', code: 'connection', ...word, isRetryable: true, attempts, ...rest }
}

export function timeoutError(attempts: number, rest: Partial<ExpectedError> = {}): ExpectedError {
  return { name: 'TimeoutError', code: 'timeout', ...word, isRetryable: true, attempts, ...rest }
}

/** Obtaining a token failed before any request, so the error has no attempts. */
export function authenticationError(rest: Partial<ExpectedError> = {}): ExpectedError {
  return {
    name: 'AuthenticationError',
    code: 'authentication',
    isRetryable: false,
    isAmbiguous: false,
    ...rest,
  }
}
