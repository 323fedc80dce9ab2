/** What a scripted fault is made of; plain JSON. */

import type { RetryAfter } from '../http/retry-after.ts'
import type { EmulatorOperation } from '../operations.ts'

/** One rule of misbehaviour. */
export interface Fault {
  /** The operation it happens to; default any that can have the effect. */
  operation?: EmulatorOperation | undefined
  /** How many such calls pass before the first that it happens to; a whole number from 0, default 0. */
  skip?: number | undefined
  /**
   * How many calls it happens to, from 1 to `Infinity`, for which JSON may say `'always'`; default 1, and `Infinity` when
   * `probability` is given.
   */
  times?: number | 'always' | undefined
  /** How likely it happens to a call after those that pass, above 0 and up to 1; default 1. */
  probability?: number | undefined
  /** What the chance is drawn from: a whole number from 0; the same one makes the same calls fail. Default 1. */
  seed?: number | undefined
  /** What happens. */
  effect: FaultEffect
}

/**
 * What happens to the call:
 *
 * - `answer`: it is not carried out and gets this status. Without a body, 429 is answered as the documents show it, with
 *   `Retry-After: 57`, and every other error status with the usual fault body. A text body is sent as it is, as HTML
 *   unless `headers` say otherwise; an object as JSON. `retryAfter` writes that header in one of its forms; any other text
 *   can stand in `headers`.
 * - `delay`: it is carried out when the emulator's clock is `delayMs` past its arrival.
 * - `cut`: the connection ends without an answer; with `accepted: true` the call was carried out before; with
 *   `afterBytes` it was, and the status, the headers and so many bytes of the body arrive.
 * - `slow`: the body of the answer comes at so many bytes a second of the emulator's clock.
 * - `stuck`: an upload or policy update that the call starts stops half-way and never finishes; a status that the call
 *   reads is no further than half-way.
 * - `late-rows`: a status has none of its rows yet (`devicesStatus` is `empty`, the default, `null` or `absent`), a list
 *   of devices is empty.
 * - `expire-token`: the call's access token is no longer good, in this call and in every later one.
 * - `claims-challenge`: the same, and the answer demands a token with `claims` (JSON text; default is one that was issued
 *   after now).
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

/** A rule with what is left of it; plain JSON. */
export interface FaultRule {
  /** The rule as it was added. */
  fault: Fault
  /** Calls that still pass. */
  skip: number
  /** Calls that it still happens to. */
  times: number | 'always'
  /** Where the random numbers stand. */
  random: number
}
