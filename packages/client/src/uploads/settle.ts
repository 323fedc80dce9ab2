/**
 * What follows when an upload fails? And which of its devices were delivered? Decided here, without a clock, the network or
 * randomness.
 *
 * The documentation leaves three points open. Our assumptions are made in this file only:
 * - Whether a repeated `MS-RequestId` really returns the first upload. The documentation says it does (Partner Center docs,
 *   "Partner Center REST headers"), so this is tried first; but a chunk that was sent twice is marked as such.
 * - Whether a batch accepts more devices immediately after the 202 that created it. A 404 shortly after means "not yet": see
 *   `waiting/not-yet.ts`.
 * - How long it takes until the devices of an upload are listed. The documented example took ten minutes.
 * - Whether a device that was sent with a product key only is listed with it. The one list that was captured has no product keys, so
 *   a list without them proves nothing about such a device.
 */
import type { AnyPartnerCenterError } from '@devicebatch/edge'

import type { ListedDevice } from '../reports/match-results.ts'
import { hasSerialNumber, isCertain, matchListed, presentFields } from '../reports/match-results.ts'
import { isNotYetThere } from '../waiting/not-yet.ts'

/** How long the devices of an upload may take to be listed, in milliseconds. */
export const defaultSettleTimeoutMs = 600_000
/** How often a chunk is sent again after responses that say that nothing was processed. */
const maxRetries = 8
const firstDelayMs = 1_000
const maxDelayMs = 30_000

/** An upload that was not accepted, or that is in doubt. */
export interface FailedSubmission {
  operation: 'create' | 'append'
  error: AnyPartnerCenterError
  /** How many earlier requests for the same devices may have been accepted. */
  inDoubt: number
  /** How often these devices were sent again after a response that said that nothing was processed. */
  retries: number
  /** How long ago this batch accepted devices from us, in milliseconds; `Infinity` if it never did. */
  sinceAcceptedMs: number
  /** The longest wait that the service may ask for, in milliseconds. */
  longestWaitMs: number
}

/** The next step. */
export type NextStep =
  /** Send the same request again, with the same `MS-RequestId`. */
  | { kind: 'repeat'; delayMs: number }
  /** Nothing was processed: send the devices again, with a new `MS-RequestId`. */
  | { kind: 'start-over'; operation: 'create' | 'append'; delayMs: number }
  /** List the batch to find the devices. */
  | { kind: 'look' }
  /** Give up. */
  | { kind: 'stop' }

/**
 * Decides the next step after a failed upload. The first matching row counts:
 *
 * | failure | then |
 * | --- | --- |
 * | the service asks for a longer wait than is left | list if the request is in doubt, otherwise stop |
 * | 429, or not sent: the service throttles another call, or no token was returned this time | the same request again, after the time that the service names |
 * | accepted, but without a tracking ID | list |
 * | no response, or one that leaves the request in doubt, for the first time | the same request again |
 * | the same for the second time | list |
 * | in doubt, and now "already exists" or "not found" | list |
 * | in doubt, and any other refusal | stop: the list would be refused as well |
 * | the batch already exists | append to it |
 * | the batch is not found, shortly after it accepted devices | append again, a little later |
 * | any other refusal | stop |
 */
export function decideNext({
  operation,
  error,
  inDoubt,
  retries,
  sinceAcceptedMs,
  longestWaitMs,
}: FailedSubmission): NextStep {
  const status = error.code === 'api' || error.code === 'response' ? error.status : undefined
  const askedMs = 'retryAfterMs' in error ? error.retryAfterMs : undefined
  const backoffMs = Math.min(firstDelayMs * 2 ** retries, maxDelayMs)
  if ((askedMs ?? 0) > longestWaitMs) return { kind: error.isAmbiguous ? 'look' : 'stop' }
  // The service throttles another call, or there was no token.
  const isUnsent =
    !error.isAmbiguous && error.isRetryable && (error.code === 'timeout' || error.code === 'authentication')
  if (status === 429 || isUnsent) {
    return retries < maxRetries ? { kind: 'repeat', delayMs: askedMs ?? backoffMs } : { kind: 'stop' }
  }
  if (error.isAmbiguous) {
    const isAccepted = error.code === 'response' && error.status >= 200 && error.status <= 299
    return isAccepted || inDoubt > 0 ? { kind: 'look' } : { kind: 'repeat', delayMs: askedMs ?? firstDelayMs }
  }
  const existsAlready = operation === 'create' && status === 409
  const isNotThere = operation === 'append' && status === 404
  if (inDoubt > 0) return { kind: existsAlready || isNotThere ? 'look' : 'stop' }
  if (existsAlready) return { kind: 'start-over', operation: 'append', delayMs: 0 }
  if (isNotThere && isNotYetThere(status, sinceAcceptedMs))
    return { kind: 'start-over', operation, delayMs: backoffMs }
  return { kind: 'stop' }
}

/**
 * How long to wait before the batch is listed again, in milliseconds: doubling from 5 seconds, because listing a large batch
 * takes many requests. `undefined` when the time is up.
 */
export function nextLookMs(looks: number, waitedMs: number, timeoutMs: number): number | undefined {
  const leftMs = timeoutMs - waitedMs
  return leftMs > 0 ? Math.min(5_000 * 2 ** (looks - 1), leftMs) : undefined
}

/** What identifies a device of a chunk: its position, identifiers, manufacturer and model. */
export interface SentRow extends ListedDevice {
  index: number
}

/** What was found out about the devices of a chunk whose response was lost, by position. */
export interface Settlement {
  /** They are in the batch. */
  landed: number[]
  /** They are not in the batch: sending them again is safe. */
  didNotLand: number[]
  /** They cannot be identified in the list with certainty. */
  cannotTell: number[]
}

/** What the list of the batch shows. */
export interface Look {
  /** The devices in the batch; `undefined` if the batch does not exist, so that nothing was delivered. */
  listed: readonly ListedDevice[] | undefined
  /** Devices of other requests of this upload, which may be the listed ones. */
  others: readonly SentRow[]
  /** Whether the batch may have had devices before this upload. */
  mayHoldOthers: boolean
}

/** What remains when some listed devices have no product key: a row without a serial number may be one of them. */
export function doubtKeys(rows: readonly SentRow[], settlement: Settlement): Settlement {
  const keyOnly = new Set(rows.flatMap((row) => (hasSerialNumber(row) ? [] : [row.index])))
  const { landed, didNotLand, cannotTell } = settlement
  return {
    landed,
    didNotLand: didNotLand.filter((index) => !keyOnly.has(index)),
    cannotTell: [...cannotTell, ...didNotLand.filter((index) => keyOnly.has(index))],
  }
}

/**
 * Determines which devices were delivered. Being listed is not enough: a serial number alone may be a placeholder, and a device
 * that may have been in the batch before proves nothing.
 */
export function settleRows(rows: readonly SentRow[], { listed, others, mayHoldOthers }: Look): Settlement {
  const settlement: Settlement = { landed: [], didNotLand: [], cannotTell: [] }
  const matches = matchListed([...rows, ...others], listed ?? [], presentFields)
  rows.forEach((row, at) => {
    const match = listed ? matches.rows[at]! : { kind: 'none' as const }
    if (match.kind === 'none') settlement.didNotLand.push(row.index)
    else if (match.kind === 'result' && !mayHoldOthers && isCertain(row, match.result)) {
      settlement.landed.push(row.index)
    } else settlement.cannotTell.push(row.index)
  })
  return settlement
}
