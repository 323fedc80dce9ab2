/** Scripted misbehaviour: what goes wrong, on which call. */

import type { EmulatorOperation } from './operations.ts'
import { numberFrom } from './options.ts'

/** One rule of misbehaviour. */
export interface Fault {
  /** The operation it happens to; default any. */
  operation?: EmulatorOperation | undefined
  /** How many such calls pass before the first that it happens to; a whole number from 0, default 0. */
  skip?: number | undefined
  /** How many calls it happens to, from 1 to `Infinity`; default 1. */
  times?: number | undefined
  effect: FaultEffect
}

/**
 * What happens to the call:
 *
 * - `answer`: it is not carried out and gets this status. Without a body, 429 is answered as the documents show it, with
 *   `Retry-After: 57`, and every other error status with the usual fault body. A text body is sent as it is, as HTML
 *   unless `headers` say otherwise; an object as JSON.
 * - `delay`: it is carried out when the emulator's clock is `delayMs` past its arrival.
 * - `cut`: the connection ends without an answer; with `accepted: true` the call was carried out before.
 */
export type FaultEffect =
  | {
      kind: 'answer'
      status: number
      headers?: Readonly<Record<string, string>> | undefined
      body?: string | Readonly<Record<string, unknown>> | undefined
    }
  | { kind: 'delay'; delayMs: number }
  | { kind: 'cut'; accepted?: boolean | undefined }

/** The faults still to come, in the order in which they were added; a call meets the first that is for it. */
export interface EmulatorFaults {
  /** Adds a rule. Throws a `RangeError` that names the property that is out of range. */
  add(fault: Fault): void
  /** Takes all rules away. */
  clear(): void
}

/** The faults with what only the emulator itself uses. */
export interface InternalFaults extends EmulatorFaults {
  /** The effect for the next call of this operation; counts the call. */
  next(operation: EmulatorOperation): FaultEffect | undefined
}

export function createFaults(): InternalFaults {
  let rules: { fault: Fault; skip: number; times: number }[] = []
  return {
    add(fault) {
      checkEffect(fault.effect)
      const times = fault.times ?? 1
      if (times !== Infinity) numberFrom(1, 'times', times)
      rules.push({ fault, skip: numberFrom(0, 'skip', fault.skip ?? 0), times })
    },
    clear() {
      rules = []
    },
    next(operation) {
      for (const rule of rules) {
        if (rule.fault.operation !== undefined && rule.fault.operation !== operation) continue
        if (rule.skip > 0) {
          rule.skip -= 1
          continue
        }
        rule.times -= 1
        if (rule.times <= 0) rules = rules.filter((other) => other !== rule)
        return rule.fault.effect
      }
      return undefined
    },
  }
}

function checkEffect(effect: FaultEffect): void {
  if (effect.kind === 'delay') numberFrom(0, 'delayMs', effect.delayMs)
  if (effect.kind === 'answer' && !(effect.status >= 200 && effect.status <= 599)) {
    throw new RangeError(`"status" must be an HTTP status from 200 to 599, got ${effect.status}.`)
  }
}
