/** What a report says in words of a result, and of a row whose result is not known. */
import { deviceOutcome, explainDeviceError, type BatchUploadReport, type Match } from '@devicebatch/client'
import type { DeviceUploadDetails } from '@devicebatch/contract'

/** The cells of a report row that say what became of a device. */
export interface Verdict {
  outcome: string
  errorCode: string
  errorName: string
  meaning: string
  remedy: string
}

/** What became of the device of a result. */
export function describeResult(result: DeviceUploadDetails, report: BatchUploadReport): Verdict {
  const outcome = deviceOutcome(result, report.outcome !== 'pending')
  const word = result.status ? `the status "${result.status}"` : 'no status'
  switch (outcome) {
    case 'succeeded':
      return verdict('succeeded', 'The device is registered to the customer.', '')
    case 'pending':
      return verdict('pending', 'The batch was still running when this report was written.', askAgain(report))
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
export function describeMatch(match: Match, report: BatchUploadReport): Verdict {
  switch (match.kind) {
    case 'result':
      return describeResult(match.result, report)
    case 'none':
      return report.outcome === 'pending'
        ? verdict('pending', 'The service lists no result for this device yet.', askAgain(report))
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
      const outcomes = match.results.map((result) => describeResult(result, report))
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

/** What became of the device of a result that could belong to no row of the file. */
export function describeLeftOver(result: DeviceUploadDetails, report: BatchUploadReport): Verdict {
  const { meaning, ...rest } = describeResult(result, report)
  return { ...rest, meaning: `This result belongs to no row of the file. ${meaning}` }
}

function describeError(result: DeviceUploadDetails, outcome: string): Verdict {
  const errorCode = toText(result.errorCode).trim()
  const { name, meaning, remedy } = explainDeviceError(errorCode, result.errorDescription)
  return { outcome, errorCode, errorName: name ?? '', meaning, remedy }
}

function askAgain(report: BatchUploadReport): string {
  return `Ask for the status of the batch again; its tracking id is ${report.batchTrackingId}.`
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
