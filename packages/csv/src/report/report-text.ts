/** How does a report describe a result, or a row without a known result? */
import { deviceOutcome, explainDeviceError } from '@devicebatch/client'
import type { DeviceOutcome, Match, RowResult, UploadedRow } from '@devicebatch/client'
import type { DeviceUploadDetails } from '@devicebatch/contract'

/** The cells of a report row that describe the outcome of a device. */
export interface Verdict {
  outcome: string
  errorCode: string
  errorName: string
  meaning: string
  remedy: string
}

/** The upload that a result comes from. */
export interface ResultSource {
  /** Absent while it is unknown, and for a result that matches no row. */
  batchTrackingId?: string | undefined
  hasEnded: boolean
}

/** Describes the outcome of a result. */
export function describeResult(result: DeviceUploadDetails, source: ResultSource): Verdict {
  return describeOutcome(deviceOutcome(result, source.hasEnded), result, source)
}

/** Describes an outcome, and the result that it was derived from. */
export function describeOutcome(
  outcome: DeviceOutcome,
  result: Partial<DeviceUploadDetails>,
  source: Pick<ResultSource, 'batchTrackingId'>,
): Verdict {
  const reported = result.status ? `the status "${result.status}"` : 'no status'
  switch (outcome) {
    case 'succeeded':
      return verdict('succeeded', 'The device is registered to the customer.', '')
    case 'pending':
      return verdict('pending', 'The batch was still running when this report was written.', askAgain(source))
    case 'unresolved':
      return verdict(
        'unresolved',
        `The batch has finished, and the service reports ${reported} for this device.`,
        'Check the device in Partner Center before you resend it.',
      )
    case 'already-registered':
      return describeError(result, 'already registered')
    default:
      return describeError(result, 'failed')
  }
}

/** Describes the outcome of a row. */
function describeMatch(match: Match, source: ResultSource): Verdict {
  switch (match.kind) {
    case 'result':
      return describeResult(match.result, source)
    case 'none':
      return !source.hasEnded
        ? verdict('pending', 'The service lists no result for this device yet.', askAgain(source))
        : verdict(
            'no result',
            'The batch has finished, and the service lists no result with this serial number or product ID.',
            'Check the device in Partner Center before you resend it.',
          )
    case 'unmatchable':
      return verdict(
        'cannot tell',
        'The row has only a hardware hash, which the service does not return, so its result cannot be found.',
        'Check the device in Partner Center; next time, give a serial number with the hash.',
      )
    default: {
      const outcomes = match.results.map((result) => describeResult(result, source))
      const found = [
        ...new Set(outcomes.map(({ outcome, errorCode }) => [outcome, errorCode].join(' ').trim())),
      ]
      return verdict(
        'cannot tell',
        `More than one row or result has this serial number or product ID; the results are: ${found.join(', ')}.`,
        'Check the device in Partner Center.',
      )
    }
  }
}

/** Describes the outcome of a row that `uploadDevices` sent. */
export function describeUploadedRow(row: UploadedRow, source: ResultSource): Verdict {
  const { delivery, outcome, match } = row
  if (delivery === 'did-not-land') {
    return verdict(
      'did not land',
      'The device is not in the batch, although the service had enough time to list it.',
      'Upload it again.',
    )
  }
  const { meaning, ...rest } = describeRow({ outcome, match }, source)
  if (delivery === 'landed') return { meaning, ...rest }
  const hasResult = outcome !== 'pending' && outcome !== 'unresolved'
  return {
    ...rest,
    meaning: `It may have been accepted twice${hasResult ? '' : ', or not at all'}. ${meaning}`,
  }
}

/** Describes the outcome of a row that was matched together with all others. */
export function describeRow({ outcome, match }: RowResult, source: ResultSource): Verdict {
  const known = match.kind === 'result' ? undefined : describeKnownOutcome(outcome)
  return known ?? describeMatch(match, source)
}

/** Describes an outcome that is certain although the row's own result cannot be singled out. */
function describeKnownOutcome(outcome: UploadedRow['outcome']): Verdict | undefined {
  switch (outcome) {
    case 'succeeded':
      return verdict('succeeded', 'The device is registered to the customer.', '')
    case 'already-registered':
      return verdict('already registered', 'The device was already registered to the customer.', '')
    case 'failed':
      return verdict(
        'failed',
        'The device failed, but several errors could be its own.',
        'See the results of its request that match no single row.',
      )
    default:
      return undefined
  }
}

/** Describes a result that matches no row of the file. */
export function describeUnmatched(result: DeviceUploadDetails, source: ResultSource): Verdict {
  const { meaning, ...rest } = describeResult(result, source)
  return { ...rest, meaning: `This result matches no row of the file. ${meaning}` }
}

function describeError(result: Partial<DeviceUploadDetails>, outcome: string): Verdict {
  const errorCode = toText(result.errorCode).trim()
  const { name, meaning, remedy } = explainDeviceError(errorCode, result.errorDescription)
  return { outcome, errorCode, errorName: name ?? '', meaning, remedy }
}

function askAgain({ batchTrackingId }: Pick<ResultSource, 'batchTrackingId'>): string {
  const id = batchTrackingId === undefined ? '' : `; its tracking ID is ${batchTrackingId}`
  return `Poll the batch again later${id}.`
}

function verdict(outcome: string, meaning: string, remedy: string): Verdict {
  return { outcome, errorCode: '', errorName: '', meaning, remedy }
}

/** A text value from the service, which may be absent, null or, contrary to the documentation, a number. */
export type WireText = string | number | null | undefined

/** The text; empty when absent. */
export function toText(value: WireText): string {
  return String(value ?? '')
}
