/** The shape of a scripted fault; plain JSON. */

import type { RetryAfter } from '../http/retry-after.ts'
import type { EmulatorOperation } from '../operations.ts'

/** A rule for a fault. */
export interface Fault {
  /** The operation that it affects. Default: any operation that supports the effect. */
  operation?: EmulatorOperation | undefined
  /** How many such calls to skip before the first affected one; a whole number from 0. Default 0. */
  skip?: number | undefined
  /**
   * How many calls it affects, from 1 to `Infinity` (`'always'` in JSON). Default 1, or `Infinity` when `probability` is given.
   */
  times?: number | 'always' | undefined
  /** The probability that it affects a call after the skipped ones, above 0 and up to 1. Default 1. */
  probability?: number | undefined
  /** The random seed, a whole number from 0; the same seed makes the same calls fail. Default 1. */
  seed?: number | undefined
  /** What happens. */
  effect: FaultEffect
}

/**
 * The effect on the call:
 *
 * - `answer`: it is not processed and gets this status. Without a body, 429 gets the documented body with `Retry-After: 57`,
 *   and every other error status the usual fault body. A string body is sent as is, as HTML unless `headers` say otherwise; an
 *   object is sent as JSON. `retryAfter` writes that header in one of its forms; `headers` can contain any other value.
 * - `delay`: it is processed `delayMs` after its arrival, by the emulator's clock.
 * - `cut`: the connection ends without a response; with `accepted: true`, the call is processed first; with `afterBytes`, it
 *   is too, and the status, the headers and that many bytes of the body arrive.
 * - `slow`: the response body arrives at this many bytes per second of the emulator's clock.
 * - `stuck`: an upload or policy update that the call starts stops halfway and never finishes; a status that the call reads
 *   shows at most half the progress.
 * - `late-rows`: a status has none of its rows yet (`devicesStatus` is `empty`, the default, `null` or `absent`), a list
 *   of devices is empty.
 * - `expire-token`: the call's access token is expired, for this call and every later one.
 * - `claims-challenge`: the same, and the response demands a token with `claims` (JSON text; default: a token issued from now
 *   on).
 * - `deny`: the user cancels the sign-in at the authorize endpoint.
 */
export type FaultEffect =
  | {
      kind: 'answer'
      status: number
      headers?: Readonly<Record<string, string>> | undefined
      retryAfter?: RetryAfter | undefined
      body?: string | Readonly<Record<string, unknown>> | undefined
    }
  | { kind: 'delay'; delayMs: number }
  | { kind: 'cut'; accepted?: boolean | undefined; afterBytes?: number | undefined }
  | { kind: 'slow'; bytesPerSecond: number }
  | { kind: 'stuck' }
  | { kind: 'late-rows'; as?: 'empty' | 'null' | 'absent' | undefined }
  | { kind: 'expire-token' }
  | { kind: 'claims-challenge'; claims?: string | undefined }
  | { kind: 'deny' }

/** A rule with its remaining counts; plain JSON. */
export interface FaultRule {
  /** The rule as it was added. */
  fault: Fault
  /** Calls still to skip. */
  skip: number
  /** Calls still to affect. */
  times: number | 'always'
  /** The state of the random numbers. */
  random: number
}
