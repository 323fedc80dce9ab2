/** Scripted misbehaviour: what goes wrong, on which call. */

import type { EmulatorOperation } from '../operations.ts'
import { checkFault, operationsOf } from './checks.ts'
import type { Fault, FaultEffect, FaultRule } from './fault.ts'
import { nextRandom } from './random.ts'

/** The faults still to come, in the order in which they were added; a call meets the first that is for it. */
export interface EmulatorFaults {
  /** Adds a rule. Throws a `RangeError` or `TypeError` that names the property that is wrong. */
  add(fault: Fault): void
  /** Takes all rules away. */
  clear(): void
}

/** The faults with what only the emulator itself uses. */
export interface InternalFaults extends EmulatorFaults {
  /** The effect for the next call of this operation; counts the call. */
  next(operation: EmulatorOperation): FaultEffect | undefined
  /** The rules as they stand. */
  rules(): readonly FaultRule[]
  /** Puts these rules in the place of those that are there. */
  restore(rules: readonly FaultRule[]): void
}

export function createFaults(): InternalFaults {
  let rules: FaultRule[] = []
  return {
    add(fault) {
      checkFault(fault)
      const times = fault.times ?? (fault.probability === undefined ? 1 : 'always')
      rules.push({
        fault,
        skip: fault.skip ?? 0,
        times: times === Infinity ? 'always' : times,
        random: fault.seed ?? 1,
      })
    },
    clear() {
      rules = []
    },
    next(operation) {
      const rule = rules.find((candidate) => isFor(candidate.fault, operation) && isDue(candidate))
      if (!rule) return undefined
      if (rule.times !== 'always') rule.times -= 1
      if (rule.times !== 'always' && rule.times <= 0) rules = rules.filter((other) => other !== rule)
      return rule.fault.effect
    },
    rules: () => rules,
    restore(saved) {
      for (const { fault } of saved) checkFault(fault)
      rules = saved.map((rule) => ({ ...rule }))
    },
  }
}

function isFor(fault: Fault, operation: EmulatorOperation): boolean {
  return (fault.operation ?? operation) === operation && operationsOf(fault.effect.kind).includes(operation)
}

/** Counts the call: it may be one that passes, and chance may spare it. */
function isDue(rule: FaultRule): boolean {
  if (rule.skip > 0) {
    rule.skip -= 1
    return false
  }
  if (rule.fault.probability === undefined) return true
  const { value, state } = nextRandom(rule.random)
  rule.random = state
  return value < rule.fault.probability
}
