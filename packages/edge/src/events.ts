/** What can be watched while a call is under way. Events hold no token, no id of a customer or device, and no body. */
import type { TokenReason } from './auth/token.ts'
import type { RetryReason } from './call/retry.ts'
import type { PartnerCenterErrorCode } from './errors.ts'

/** What every event of a call says of it. */
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

/** An attempt has ended: with an answer (`status`) or without one (`error`). */
export interface AttemptEvent extends CallEvent {
  /** Tells it from the other events. */
  type: 'attempt'
  /** From sending it to the end of the body, in milliseconds. */
  durationMs: number
  /** The HTTP status; absent when there was no answer. */
  status?: number | undefined
  /** Why there was no answer; `'aborted'` when the caller ended it. */
  error?: PartnerCenterErrorCode | 'aborted' | undefined
  /** What the service says of the user's sign-in; present when `validateMfa` asked for it and it answered. */
  isMfaCompliant?: boolean | undefined
  /** `MS-ServerId` of the answer. */
  serverId?: string | undefined
  /** `MS-CV` of the answer. */
  cv?: string | undefined
}

/** The credential was asked for a token. */
export interface TokenEvent {
  /** Tells it from the other events. */
  type: 'token'
  /** Why it was asked for. */
  reason: TokenReason
  /** How long the credential took, in milliseconds. */
  durationMs: number
  /** Why there was none; `'aborted'` when the caller ended it. Absent when there was one. */
  error?: PartnerCenterErrorCode | 'aborted' | undefined
}

/** A wait begins: before an attempt of a call, or (`'poll'`) before the next look at an upload, which is a new call. */
export interface WaitEvent
  extends
    Omit<CallEvent, 'requestId' | 'correlationId'>,
    Partial<Pick<CallEvent, 'requestId' | 'correlationId'>> {
  /** Tells it from the other events. */
  type: 'wait'
  /** How long it is, in milliseconds. */
  delayMs: number
  /** What made it necessary; `'held'`: another call was throttled, and this one may not be sent before that has passed. */
  reason: RetryReason | 'poll' | 'held'
}

/** Every event that `observe` is called with; switch over `type`. */
export type PartnerCenterEvent = AttemptEvent | TokenEvent | WaitEvent
