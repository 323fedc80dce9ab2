/** What a case says: what the server does, how the call is made, and the expected result. */
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
  /** A sentence: what happens, and what comes of it. */
  name: string
  /** What the server does with the first request, the second, …; the last one is for all that follow. */
  script: readonly Reply[]
  /** The same for the requests to the token endpoint. */
  tokenScript?: readonly Reply[]
  /**
   * How the call is made. `'read'` (default): twice, by `getBatchUploadStatus` and by `upload.get()`, which must come to
   * the same. `'create'`: `deviceBatches.create()`. `'wait'`: `upload.wait()`. Or anything else, once.
   */
  call?: 'read' | 'create' | 'wait' | ((doors: Doors) => Promise<unknown>)
  options?: Omit<Partial<PartnerFetchOptions>, 'baseUrl' | 'cloud' | 'credential' | 'observe'>
  /** Default: a function that always returns `token(1)`. */
  credential?: (origin: string) => TokenCredential | TokenFunction
  callOptions?: CallOptions
  waitOptions?: WaitOptions
  /** Connections are refused until the first wait has been decided. */
  refusedAtFirst?: true
  /** The caller gives up once this many waits have been decided, so that nobody has to sit through them. */
  abortAtWait?: number

  /** How many requests reach the server. */
  requests: number
  /** How many attempts the client makes. Default: one for each request, and for each connection that was refused. */
  attempts?: number
  /** How many of them reach the token endpoint. Default 0. */
  tokenRequests?: number
  /** The token on each request. Default `token(1)` on all. */
  tokens?: readonly string[]
  /** The waits that the client decides on, in their order. Default none. */
  waits?: readonly ExpectedWait[]
  /** How much time passes at least between two requests that follow each other, in milliseconds. */
  gapMs?: number
  /** The value that comes out; `upload` of `create` as its JSON, the report of `wait` as {@link waited}. */
  gives?: unknown
  /** Everything that the error says of itself, but for its words and the ids. */
  fails?: ExpectedError
  /** What the message says. */
  says?: RegExp
}

export interface Doors {
  partnerFetch: PartnerFetch
  partner: PartnerCenter
  signal: AbortSignal
  origin: string
  elsewhere: string
}

/** A wait of our own making, which is checked against the policy; or one of exactly, or about, the time asked for. */
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

/** Stands in every token and in the client secret, and must stand in no error and in no event. */
export const secret = 'tops3cret'
export const token = (number: number): string => `token-${number}-${secret}`

export const retry = { limit: 3, baseDelayMs: 1, maxDelayMs: 4 }
export const schedule = { initialIntervalMs: 1, maxIntervalMs: 4 }

export const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'
export const batchTrackingId = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'
export const statusPath = `/customers/${customerId}/batchJobStatus/${batchTrackingId}`

/** The documented answer of the status endpoint. */
export const finished = {
  ...documented,
  attributes: { objectType: 'BatchUploadDetails' },
}
export const processing = { batchTrackingId, status: 'processing' }
/** What a report says of {@link finished}. */
export const waited = { status: 'finished', outcome: 'failed', total: 1, failed: 1 }

/** What an upload of {@link newBatch} gives. */
export const accepted = { customerId, batchTrackingId }
export const newBatch = {
  batchId: 'Front desk',
  devices: [{ serialNumber: '1R9-ZNP67', oemManufacturerName: 'Contoso', modelName: 'Tablet 3' }],
}

const word = { isRetryable: false, isAmbiguous: false, attempts: 1 }

/** An `ApiError` of one attempt that no repetition mends, with what is said otherwise. */
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

/** The time of a wait was up: not of one call, so the error knows of no attempt. */
export const waitTimeoutError: ExpectedError = {
  name: 'WaitTimeoutError',
  code: 'timeout',
  isRetryable: true,
  isAmbiguous: false,
}

/** Getting a token failed before any request: the error knows of no attempt. */
export function authenticationError(rest: Partial<ExpectedError> = {}): ExpectedError {
  return {
    name: 'AuthenticationError',
    code: 'authentication',
    isRetryable: false,
    isAmbiguous: false,
    ...rest,
  }
}
