/** The events of a call in progress. They contain no token, no customer or device ID, and no body. */
import type { TokenReason } from './auth/token.ts'
import type { RetryReason } from './call/retry.ts'
import type { PartnerCenterErrorCode } from './errors.ts'

/** What every event of a call reports. */
export interface CallEvent {
  /** The HTTP method. */
  method: string
  /** The path template, such as `/customers/{customerId}/batchJobStatus/{batchTrackingId}`. */
  path: string
  /** `MS-RequestId`, the same on every attempt of a call. */
  requestId: string
  /** `MS-CorrelationId`. */
  correlationId: string
  /** Which attempt of the call this belongs to, from 1. */
  attempt: number
}

/** An attempt ended: with a response (`status`) or without one (`error`). */
export interface AttemptEvent extends CallEvent {
  /** Distinguishes it from the other events. */
  type: 'attempt'
  /** From sending the request to the end of the body, in milliseconds. */
  durationMs: number
  /** The HTTP status; absent when there was no response. */
  status?: number | undefined
  /** Why there was no response; `'aborted'` when the caller ended it. */
  error?: PartnerCenterErrorCode | 'aborted' | undefined
  /** Whether the user signed in with MFA, according to the service; present when `validateMfa` is set and the service reports it. */
  isMfaCompliant?: boolean | undefined
  /** `MS-ServerId` of the response. */
  serverId?: string | undefined
  /** `MS-CV` of the response. */
  cv?: string | undefined
}

/** A token was requested from the credential. */
export interface TokenEvent {
  /** Distinguishes it from the other events. */
  type: 'token'
  /** Why it was requested. */
  reason: TokenReason
  /** How long the credential took, in milliseconds. */
  durationMs: number
  /** Why no token was returned; `'aborted'` when the caller ended the request. Absent on success. */
  error?: PartnerCenterErrorCode | 'aborted' | undefined
}

/**
 * A wait begins: before an attempt of a call; before `uploadDevices` sends the same devices again, which is a new call; or
 * (`'poll'`) before it lists the batch again, or before the next poll of an upload.
 */
export interface WaitEvent
  extends
    Omit<CallEvent, 'requestId' | 'correlationId'>,
    Partial<Pick<CallEvent, 'requestId' | 'correlationId'>> {
  /** Distinguishes it from the other events. */
  type: 'wait'
  /** The length of the wait, in milliseconds. */
  delayMs: number
  /** Why the call waits; `'held'`: another call was throttled, and this one waits until the throttling ends. */
  reason: RetryReason | 'poll' | 'held'
}

/** Every event that `observe` is called with; switch on `type`. */
export type PartnerCenterEvent = AttemptEvent | TokenEvent | WaitEvent
