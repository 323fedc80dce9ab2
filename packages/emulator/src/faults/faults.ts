/** Scripted faults: which call fails, and how. */

import type { EmulatorOperation } from '../operations.ts'
import { checkFault, operationsOf } from './checks.ts'
import type { Fault, FaultEffect, FaultRule } from './fault.ts'
import { nextRandom } from './random.ts'

/** The pending faults, in the order in which they were added; the first matching rule applies to a call. */
export interface EmulatorFaults {
  /** Adds a rule. Throws a `RangeError` or `TypeError` that names the invalid property. */
  add(fault: Fault): void
  /** Removes all rules. */
  clear(): void
}

/** The faults with members that only the emulator itself uses. */
export interface InternalFaults extends EmulatorFaults {
  /** The effect for the next call of this operation; counts the call. */
  next(operation: EmulatorOperation): FaultEffect | undefined
  /** The rules as they stand. */
  rules(): readonly FaultRule[]
  /** Replaces the rules. */
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

/** Counts the call: it may be one to skip, or spared by chance. */
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
