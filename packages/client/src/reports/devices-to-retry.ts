/** Which devices are retryable? */
import type { DeviceUploadDetails, NewDevice } from '@devicebatch/contract'
import { InvalidArgumentError } from '@devicebatch/edge'
import { wireText } from '@devicebatch/edge/internal'

import type { BatchUploadGroupReport, DeviceDelivery } from '../uploads/group-report.ts'
import { explainDeviceError } from './device-errors.ts'
import type { Match } from './match-results.ts'
import { matchResults } from './match-results.ts'
import { summaryOf } from './report-rows.ts'
import { deviceOutcome } from './report.ts'
import type { BatchUploadReport } from './report.ts'

/**
 * Selects the devices that may succeed when submitted again, unchanged: those that failed with a transient error (see
 * `explainDeviceError`), and those that certainly did not reach the service. A device whose result cannot be found
 * for sure is not among them, nor is a duplicate of one.
 *
 * @param report The report of one upload, or of a group of uploads.
 * @param sent All devices that you passed, in their order.
 * @returns The retryable devices of `sent`, in their order.
 * @throws {@link InvalidArgumentError} when `sent` has fewer devices than the report has rows.
 * @example
 * ```ts
 * import { createPartnerCenter, devicesToRetry, uploadDevices } from '@devicebatch/client'
 * import type { NewDevice } from '@devicebatch/client'
 *
 * export async function uploadTwice(devices: NewDevice[]): Promise<void> {
 *   const partner = createPartnerCenter({ credential: () => process.env.DEVICEBATCH_TOKEN! })
 *   const customer = partner.customers.byId('47021739-3426-40bf-9601-61b4b6d7c793')
 *   const group = await uploadDevices(customer, { batchId: 'Front desk', devices })
 *   const again = devicesToRetry(await group.wait(), devices)
 *   if (again.length > 0) await uploadDevices(customer, { batchId: 'Front desk', devices: again })
 * }
 * ```
 */
export function devicesToRetry(
  report: BatchUploadReport | BatchUploadGroupReport,
  sent: Iterable<NewDevice>,
): NewDevice[] {
  if (!Array.isArray(report?.devices) || typeof sent?.[Symbol.iterator] !== 'function') {
    throw new InvalidArgumentError(
      'devicesToRetry() takes a report, which `wait()` resolves with, and the devices that you passed.',
    )
  }
  const devices = [...sent]
  const rows = 'rows' in report ? report.rows : matchRows(report, devices)
  if (devices.length < rows.length) {
    throw new InvalidArgumentError(
      `\`sent\` must be all devices that you passed, in their order: the report has ${rows.length}, got ${devices.length}.`,
    )
  }
  return devices.filter((_, index) => {
    const row = rows[index]
    return row !== undefined && row.duplicateOf === undefined && isWorthIt(row)
  })
}

interface Row {
  match: Match
  delivery?: DeviceDelivery
  duplicateOf?: number
}

function matchRows(report: BatchUploadReport, devices: readonly NewDevice[]): Row[] {
  return matchResults(devices, report.devices, summaryOf).rows.map((match) => ({ match }))
}

function isWorthIt({ match, delivery }: Row): boolean {
  if (delivery === 'did-not-land') return true
  return match.kind === 'result' && failedInPassing(match.result)
}

function failedInPassing(result: DeviceUploadDetails): boolean {
  // As in a batch in progress: a device without an error is never retryable.
  if (deviceOutcome(result, false) !== 'failed') return false
  return explainDeviceError(wireText(result.errorCode), wireText(result.errorDescription)).isRetryable
}
