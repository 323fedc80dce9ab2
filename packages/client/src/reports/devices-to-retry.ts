/** Which devices are worth another try? */
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
 * Picks the devices for which another try can succeed without anything being changed: those that failed with an error that
 * passes (see `explainDeviceError`), and those that certainly did not reach the service. A device whose result cannot be found
 * for sure is not among them, nor is a duplicate of one.
 *
 * @param report What became of them: of one upload, or of a group of uploads.
 * @param sent The devices as they were handed in, all of them, in their order.
 * @returns Those of `sent` that are worth it, in their order.
 * @throws {@link InvalidArgumentError} when `sent` are fewer than the report has rows.
 * @example
 * ```ts
 * import { createPartnerCenter, devicesToRetry, uploadDevices } from '@devicebatch/client'
 * import type { NewDevice } from '@devicebatch/contract'
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
  const devices = [...sent]
  const rows = 'rows' in report ? report.rows : matchRows(report, devices)
  if (devices.length < rows.length) {
    throw new InvalidArgumentError(
      `\`sent\` must be all devices that were handed in, in their order: the report has ${rows.length}, here are ${devices.length}.`,
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
  // As in a batch that runs: one that has no error is never worth it.
  if (deviceOutcome(result, false) !== 'failed') return false
  return explainDeviceError(wireText(result.errorCode), wireText(result.errorDescription)).retryable
}
