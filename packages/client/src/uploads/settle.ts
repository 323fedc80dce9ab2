/**
 * An upload was not answered as it should be: what now? And which of its devices landed? Decided here, without clock,
 * network or randomness.
 *
 * What the service does is not documented in three points. These are our assumptions, and this is the only place where they
 * stand:
 * - Whether a repeated `MS-RequestId` really leads to the first upload. The documents call it the key for that (Partner Center
 *   docs, "Partner Center REST headers"), so it is what is tried first; but a chunk that was sent twice is marked as such.
 * - Whether a batch takes more devices at once after the 202 that created it. A 404 shortly after it is taken for "not yet":
 *   see `waiting/not-yet.ts`.
 * - How long it takes until the devices of an upload are listed. The documented example took ten minutes.
 */
import type { AnyPartnerCenterError } from '@devicebatch/edge'

import type { ListedDevice } from '../reports/match-results.ts'
import { isCertain, matchListed, presentFields } from '../reports/match-results.ts'
import { isNotYetThere } from '../waiting/not-yet.ts'

/** How long the devices of an upload may take to be listed, in milliseconds. */
export const defaultSettleTimeoutMs = 600_000
/** How often a chunk is sent again after answers that say that nothing was done. */
const maxRetries = 8
const firstDelayMs = 1_000
const maxDelayMs = 30_000

/** An upload that was not accepted, or not known to be. */
export interface FailedSubmission {
  operation: 'create' | 'append'
  error: AnyPartnerCenterError
  /** How many earlier requests for the same devices may have been accepted. */
  inDoubt: number
  /** How often these devices were sent again after an answer that said that nothing was done. */
  retries: number
  /** How long ago this batch took devices from us, in milliseconds; `Infinity` when it did not. */
  sinceAcceptedMs: number
  /** The longest wait that may be asked for, in milliseconds. */
  longestWaitMs: number
}

/** What follows. */
export type NextStep =
  /** Send the same request again, under the same `MS-RequestId`. */
  | { kind: 'repeat'; delayMs: number }
  /** Nothing was done: send the devices anew, under a new `MS-RequestId`. */
  | { kind: 'start-over'; operation: 'create' | 'append'; delayMs: number }
  /** Look into the batch for the devices. */
  | { kind: 'look' }
  /** Give up. */
  | { kind: 'stop' }

/**
 * Decides what follows a failed upload, first matching row:
 *
 * | failure | then |
 * | --- | --- |
 * | it asks for more time than there is | look when it leaves open whether it was done, else stop |
 * | 429 | the same request again, after the time that the service names |
 * | accepted, but without a tracking id | look |
 * | no answer, or one that leaves it open, for the first time | the same request again |
 * | the same for the second time | look |
 * | in doubt, and now "exists already" or "is not there" | look |
 * | in doubt, and any other refusal | stop: looking would be refused as well |
 * | the batch exists already | append to it |
 * | the batch is not there, shortly after it took devices | append again, a little later |
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
  const askedMs = error.code === 'api' ? error.retryAfterMs : undefined
  const backoffMs = Math.min(firstDelayMs * 2 ** retries, maxDelayMs)
  if ((askedMs ?? 0) > longestWaitMs) return { kind: error.isAmbiguous ? 'look' : 'stop' }
  if (status === 429) {
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
 * How long to wait before the batch is listed again, in milliseconds: doubling from 5 seconds, for the list of a large batch
 * is many requests. `undefined` when it was long enough.
 */
export function nextLookMs(looks: number, waitedMs: number, timeoutMs: number): number | undefined {
  const leftMs = timeoutMs - waitedMs
  return leftMs > 0 ? Math.min(5_000 * 2 ** (looks - 1), leftMs) : undefined
}

/** A device of a chunk as it is recognized: where it stood, its identifiers, its manufacturer and its model. */
export interface SentRow extends ListedDevice {
  index: number
}

/** What became of the devices of a chunk whose answer was lost, by their positions. */
export interface Settlement {
  /** They are in the batch. */
  landed: number[]
  /** They are not in the batch: sending them again is safe. */
  didNotLand: number[]
  /** They cannot be recognised in a list, or not for sure. */
  cannotTell: number[]
}

/** A look into the batch. */
export interface Look {
  /** The devices that the batch lists; `undefined` when there is no such batch, into which nothing can have come. */
  listed: readonly ListedDevice[] | undefined
  /** Devices of other requests of this upload, which may be the ones that are listed. */
  others: readonly SentRow[]
  /** Whether the batch may have held devices before this upload. */
  mayHoldOthers: boolean
}

/**
 * Says which devices landed. Being listed is not enough: a serial number alone may be a placeholder, and a device that may
 * have been in the batch before proves nothing.
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
