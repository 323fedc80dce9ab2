/** What a report says in words of a result, and of a row whose result is not known. */
import {
  deviceOutcome,
  explainDeviceError,
  type Match,
  type RowResult,
  type UploadedRow,
} from '@devicebatch/client'
import type { DeviceUploadDetails } from '@devicebatch/contract'

/** The cells of a report row that say what became of a device. */
export interface Verdict {
  outcome: string
  errorCode: string
  errorName: string
  meaning: string
  remedy: string
}

/** The upload that a result is from. */
export interface ResultSource {
  /** Absent while it is not known, and for a result that belongs to no row. */
  batchTrackingId?: string | undefined
  hasEnded: boolean
}

/** What became of the device of a result. */
export function describeResult(result: DeviceUploadDetails, source: ResultSource): Verdict {
  const outcome = deviceOutcome(result, source.hasEnded)
  const word = result.status ? `the status "${result.status}"` : 'no status'
  switch (outcome) {
    case 'succeeded':
      return verdict('succeeded', 'The device is registered to the customer.', '')
    case 'pending':
      return verdict('pending', 'The batch was still running when this report was written.', askAgain(source))
    case 'unresolved':
      return verdict(
        'unresolved',
        `The batch has ended and the service gives ${word} for this device.`,
        'Look the device up in Partner Center before you send it again.',
      )
    case 'alreadyRegistered':
      return describeError(result, 'already registered')
    default:
      return describeError(result, 'failed')
  }
}

/** What became of the device of a row. */
function describeMatch(match: Match, source: ResultSource): Verdict {
  switch (match.kind) {
    case 'result':
      return describeResult(match.result, source)
    case 'none':
      return !source.hasEnded
        ? verdict('pending', 'The service lists no result for this device yet.', askAgain(source))
        : verdict(
            'no result',
            'The batch has ended and the service lists no result with this serial number or product id.',
            'Look the device up in Partner Center before you send it again.',
          )
    case 'unmatchable':
      return verdict(
        'cannot tell',
        'The row has only a hardware hash, and the service returns none: its result cannot be found.',
        'Look the device up in Partner Center; give a serial number beside the hash next time.',
      )
    default: {
      const outcomes = match.results.map((result) => describeResult(result, source))
      const found = [
        ...new Set(outcomes.map(({ outcome, errorCode }) => [outcome, errorCode].join(' ').trim())),
      ]
      return verdict(
        'cannot tell',
        `More than one row or result has this serial number or product id; the results are: ${found.join(', ')}.`,
        'Look the device up in Partner Center.',
      )
    }
  }
}

/** What became of the device of a row that was sent by `uploadDevices`. */
export function describeUploadedRow(row: UploadedRow, source: ResultSource): Verdict {
  const { delivery, outcome, match } = row
  if (delivery === 'did-not-land') {
    return verdict(
      'did not land',
      'The device is not in the batch, although the service had time enough to list it.',
      'Upload it again.',
    )
  }
  const { meaning, ...rest } = describeRow({ outcome, match }, source)
  if (delivery === 'landed') return { meaning, ...rest }
  return { ...rest, meaning: `It may have been accepted twice, or not at all. ${meaning}` }
}

/** What became of the device of a row that was judged beside all others. */
export function describeRow({ outcome, match }: RowResult, source: ResultSource): Verdict {
  const known = match.kind === 'result' ? undefined : describeKnownOutcome(outcome)
  return known ?? describeMatch(match, source)
}

/** The outcome of a row that is certain although its result cannot be told from others. */
function describeKnownOutcome(outcome: UploadedRow['outcome']): Verdict | undefined {
  switch (outcome) {
    case 'succeeded':
      return verdict('succeeded', 'The device is registered to the customer.', '')
    case 'alreadyRegistered':
      return verdict('already registered', 'The device was registered to the customer before.', '')
    case 'failed':
      return verdict(
        'failed',
        'The device failed; which of several errors is its own cannot be told.',
        'See the results of its request that belong to no single row.',
      )
    default:
      return undefined
  }
}

/** What became of the device of a result that could belong to no row of the file. */
export function describeUnmatched(result: DeviceUploadDetails, source: ResultSource): Verdict {
  const { meaning, ...rest } = describeResult(result, source)
  return { ...rest, meaning: `This result belongs to no row of the file. ${meaning}` }
}

function describeError(result: DeviceUploadDetails, outcome: string): Verdict {
  const errorCode = toText(result.errorCode).trim()
  const { name, meaning, remedy } = explainDeviceError(errorCode, result.errorDescription)
  return { outcome, errorCode, errorName: name ?? '', meaning, remedy }
}

function askAgain({ batchTrackingId }: ResultSource): string {
  const id = batchTrackingId === undefined ? '' : `; its tracking id is ${batchTrackingId}`
  return `Ask for the status of the batch again${id}.`
}

function verdict(outcome: string, meaning: string, remedy: string): Verdict {
  return { outcome, errorCode: '', errorName: '', meaning, remedy }
}

/** Text of the service, which may be absent, null or, against the documents, a number. */
export type WireText = string | number | null | undefined

/** The text, empty when there is none. */
export function toText(value: WireText): string {
  return String(value ?? '')
}
