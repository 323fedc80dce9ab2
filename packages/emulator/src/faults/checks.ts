/** Which faults are valid: the properties of a rule, and which operations support an effect. */

import { numberFrom, oneOf } from '../check-value.ts'
import { retryAfterForms } from '../http/retry-after.ts'
import { emulatorOperations, isEntraOperation } from '../operations.ts'
import type { EmulatorOperation } from '../operations.ts'
import type { Fault, FaultEffect } from './fault.ts'

const apiOperations = emulatorOperations.filter((operation) => !isEntraOperation(operation))

const operationsByEffect: Readonly<Record<FaultEffect['kind'], readonly EmulatorOperation[]>> = {
  answer: emulatorOperations,
  delay: emulatorOperations,
  cut: emulatorOperations,
  slow: emulatorOperations,
  stuck: ['createDeviceBatch', 'addDevicesToBatch', 'updateDevicesWithPolicy', 'getBatchUploadStatus'],
  'late-rows': ['getBatchUploadStatus', 'listDevices'],
  'expire-token': apiOperations,
  'claims-challenge': apiOperations,
  deny: ['authorize'],
}

/** The operations that support the effect. */
export function operationsOf(kind: FaultEffect['kind']): readonly EmulatorOperation[] {
  return operationsByEffect[kind]
}

/** Throws a `RangeError` or `TypeError` that names the invalid property; the fault may be JSON from another process. */
export function checkFault(fault: Fault): void {
  const { effect, operation, skip = 0, times = 1, probability = 1, seed = 1 } = fault
  if (times !== Infinity && times !== 'always') wholeNumberFrom(1, 'times', times)
  wholeNumberFrom(0, 'skip', skip)
  wholeNumberFrom(0, 'seed', seed)
  if (!(probability > 0 && probability <= 1)) {
    throw new RangeError(`"probability" must be above 0 and up to 1, got ${String(probability)}.`)
  }
  if (!effect || !Object.hasOwn(operationsByEffect, effect.kind)) {
    throw new TypeError(`"effect" must have a kind: ${Object.keys(operationsByEffect).join(', ')}.`)
  }
  if (operation !== undefined && !operationsOf(effect.kind).includes(operation)) {
    throw new TypeError(
      `"operation" of the effect ${effect.kind} must be one of ${operationsOf(effect.kind).join(', ')}; got ${JSON.stringify(operation)}.`,
    )
  }
  checkEffect(effect)
}

function checkEffect(effect: FaultEffect): void {
  switch (effect.kind) {
    case 'answer':
      return checkAnswer(effect)
    case 'delay':
      numberFrom(0, 'delayMs', effect.delayMs)
      return undefined
    case 'cut':
      if (effect.afterBytes !== undefined) wholeNumberFrom(0, 'afterBytes', effect.afterBytes)
      return undefined
    case 'slow':
      numberFrom(1, 'bytesPerSecond', effect.bytesPerSecond)
      return undefined
    case 'late-rows':
      oneOf('as', effect.as, ['empty', 'null', 'absent'])
      return undefined
    case 'claims-challenge':
      if (effect.claims !== undefined && typeof effect.claims !== 'string') {
        throw new TypeError(`"claims" must be JSON text; got ${typeof effect.claims}.`)
      }
      return undefined
    default:
      return undefined
  }
}

function checkAnswer({ status, headers, retryAfter, body }: Extract<FaultEffect, { kind: 'answer' }>): void {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError(`"status" must be an HTTP status from 200 to 599, got ${String(status)}.`)
  }
  if (body !== undefined && [204, 205, 304].includes(status)) {
    throw new TypeError(`"body" must be omitted: a response with the status ${status} has none.`)
  }
  if (body !== undefined && typeof body !== 'string' && (typeof body !== 'object' || body === null)) {
    throw new TypeError(`"body" must be a string or an object; got ${body === null ? 'null' : typeof body}.`)
  }
  try {
    void new Headers(headers)
  } catch (cause) {
    throw new TypeError('"headers" must be an object of header names and values.', { cause })
  }
  if (retryAfter === undefined) return
  numberFrom(0, 'afterMs', retryAfter.afterMs)
  oneOf('as', retryAfter.as, retryAfterForms)
}

function wholeNumberFrom(least: number, name: string, value: number): void {
  if (Number.isInteger(value) && value >= least) return
  throw new RangeError(`"${name}" must be a whole number of at least ${least}, got ${String(value)}.`)
}
