/** Magic serial numbers and batch IDs that determine how an upload ends. */

import type { DeviceOutcome } from '../state/state.ts'

/**
 * The error codes with documented names. 808 is in Partner Center's own example ("Get the status of a device batch upload"); the
 * others are Autopilot's, from Microsoft's pages on registering devices.
 */
const errorNames: Readonly<Record<string, string>> = {
  '640': 'StorageError',
  '801': 'InvalidZtdRequestBody',
  '802': 'InvalidZtdHardwareHash',
  '803': 'MissingZtdSerialNumberAndProductKey',
  '806': 'ZtdDeviceAlreadyAssigned',
  '807': 'ZtdDeviceIsNotRegistered',
  '808': 'ZtdDeviceAssignedToOtherTenant',
  '809': 'ZtdProfileIsNotRegistered',
  '810': 'ZtdProfileAssignedToOtherTenant',
  '811': 'ZtdDeviceRegisteredByOtherTenant',
  '812': 'ZtdDeviceNotFound',
  '813': 'ZtdDeviceIsNotUnique',
  '814': 'ZtdDeviceAlreadyAadRegistered',
}

/** A failure with this code, and with the code's symbolic name where one is documented. */
export function failure(errorCode: string): DeviceOutcome {
  return { kind: 'failed', errorCode, errorDescription: errorNames[errorCode] }
}

/**
 * The outcome that a serial number requests; undefined when it requests none: `EMU808-…` fails with 808 (and so on for any
 * three digits), `EMUSTUCK-…` stays `processing` forever, `EMUUNKNOWN-…` ends as `unknown`, and `EMUNEWWORD-…` with an
 * undocumented status value.
 */
export function magicOutcome(serialNumber: string | undefined): DeviceOutcome | undefined {
  const [, word] = /^EMU(\d{3}|STUCK|UNKNOWN|NEWWORD)-/.exec(serialNumber ?? '') ?? []
  switch (word) {
    case undefined:
      return undefined
    case 'STUCK':
      return { kind: 'unresolved', status: 'processing' }
    case 'UNKNOWN':
      return { kind: 'unresolved', status: 'unknown' }
    case 'NEWWORD':
      return { kind: 'unresolved', status: 'awaiting_attestation' }
    default:
      return failure(word)
  }
}

/** Whether an upload to this batch stops halfway and stays `processing` forever: its ID begins with `EMUSTUCK-`. */
export function neverFinishes(batchId: string): boolean {
  return batchId.startsWith('EMUSTUCK-')
}
