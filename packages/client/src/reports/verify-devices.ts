/** Does the batch contain the devices of a report? */
import type { DeviceUploadDetails } from '@devicebatch/contract'

import type { CustomerResource } from '../resources/customer.ts'
import type { ListOptions } from '../resources/paged-list.ts'
import type { BatchUploadGroupReport, UploadedRow } from '../uploads/group-report.ts'
import type { ListedDevice } from './match-results.ts'
import { hasProductKey, hasSerialNumber, isCertain, matchListed, presentFields } from './match-results.ts'
import { deviceOutcome } from './report.ts'
import type { BatchUploadReport } from './report.ts'

/** Which devices of a report the batch contains, as they are in the report. Failed devices that are not in the batch are in no list. */
export interface DeviceVerification {
  /** In the batch, and reported as registered or without a result. */
  present: DeviceUploadDetails[]
  /** Reported as registered, but not in the batch. The service can take minutes to list a device. */
  absent: DeviceUploadDetails[]
  /** In the batch, although reported as already registered or as failed: from an earlier upload. */
  alreadyPresent: DeviceUploadDetails[]
  /** Reported as already registered, but not in this batch: it is in another one, or somebody else registered it. */
  elsewhere: DeviceUploadDetails[]
  /**
   * Not identified with certainty: it has neither serial number nor product key, or several devices have the same; or a device
   * with the same serial number is listed, but no device ID, product key, or manufacturer and model confirm that it is the same; or it
   * was sent without a serial number, and devices are listed without a product key.
   */
  cannotTell: DeviceUploadDetails[]
}

/**
 * Lists the devices of a batch and compares them with a report.
 *
 * @param customer The customer, from `partner.customers.byId`.
 * @param batchId The name of the batch.
 * @param report The report of an upload or of a group of uploads. It can be compared before the upload has ended.
 * @param options The signal, and the timeouts and retries for each page of the list.
 * @returns The devices of the report, sorted by what the batch contains. Rejects with the error of a failed request, such as a 404 if
 * the batch does not exist.
 * @example
 * ```ts
 * import { createPartnerCenter, verifyDevices } from '@devicebatch/client'
 *
 * const partner = createPartnerCenter({ credential: () => process.env.DEVICEBATCH_TOKEN! })
 * const customer = partner.customers.byId('47021739-3426-40bf-9601-61b4b6d7c793')
 * const report = await customer.batchUploadStatus.byId('0127ed8e-ff72-4983-a3d8-e8d8bd378932').wait()
 * const { present, absent } = await verifyDevices(customer, 'Front desk', report)
 * console.log(`${present.length} are there, ${absent.length} are not`)
 * ```
 */
export async function verifyDevices(
  customer: CustomerResource,
  batchId: string,
  report: BatchUploadReport | BatchUploadGroupReport,
  options?: ListOptions,
): Promise<DeviceVerification> {
  const listed: ListedDevice[] = []
  const ids = new Set<string>()
  for await (const device of customer.deviceBatches.byId(batchId).devices.list(options)) {
    const { id, serialNumber, productKey, oemManufacturerName, modelName } = device
    ids.add(id)
    listed.push({ serialNumber, productKey, oemManufacturerName, modelName })
  }
  const hasKeyless = !listed.every(hasProductKey)
  const found: DeviceVerification = {
    present: [],
    absent: [],
    alreadyPresent: [],
    elsewhere: [],
    cannotTell: [],
  }
  const reported = reportedDevices(report)
  const { rows } = matchListed(
    reported.map(({ row }) => row),
    listed,
    presentFields,
  )
  reported.forEach(({ device, row }, at) => {
    const match = rows[at]!
    const isListed =
      (device.deviceId !== undefined && ids.has(device.deviceId)) ||
      (match.kind === 'result' && isCertain(row, match.result))
    const isUnclear = !isListed && (match.kind !== 'none' || (hasKeyless && !hasSerialNumber(row)))
    const outcome = deviceOutcome(device, true)
    if (isUnclear) found.cannotTell.push(device)
    else if (outcome === 'succeeded') found[isListed ? 'present' : 'absent'].push(device)
    else if (isListed && outcome === 'unresolved') found.present.push(device)
    else if (isListed) found.alreadyPresent.push(device)
    else if (outcome === 'already-registered') found.elsewhere.push(device)
  })
  return found
}

/** The results of a report, each with what is known about its device; only the rows of a group have manufacturer and model. */
function reportedDevices(
  report: BatchUploadReport | BatchUploadGroupReport,
): { device: DeviceUploadDetails; row: ListedDevice }[] {
  const rows = new Map<DeviceUploadDetails, UploadedRow>()
  for (const row of 'rows' in report ? report.rows : []) {
    if (row.match.kind === 'result') rows.set(row.match.result, row)
  }
  return report.devices.map((device) => {
    const { serialNumber, productKey } = device
    const { oemManufacturerName, modelName } = rows.get(device) ?? {}
    return { device, row: { serialNumber, productKey, oemManufacturerName, modelName } }
  })
}
