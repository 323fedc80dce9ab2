/** Is what a report says in the batch as well? */
import type { DeviceUploadDetails } from '@devicebatch/contract'

import type { CustomerResource } from '../resources/customer.ts'
import type { ListOptions } from '../resources/paged-list.ts'
import type { BatchUploadGroupReport, UploadedRow } from '../uploads/group-report.ts'
import type { ListedDevice } from './match-results.ts'
import { isCertain, matchListed, presentFields } from './match-results.ts'
import { deviceOutcome } from './report.ts'
import type { BatchUploadReport } from './report.ts'

/** What a batch holds of the devices of a report, each as the report has it. Devices that failed and are not there are in none. */
export interface DeviceVerification {
  /** Reported as registered, or without a result, and in the batch. */
  present: DeviceUploadDetails[]
  /** Reported as registered, but not in the batch. It may take the service some minutes to list a device. */
  absent: DeviceUploadDetails[]
  /** Reported as registered before or as failed, and in the batch: from an earlier upload. */
  alreadyPresent: DeviceUploadDetails[]
  /** Reported as registered before, and not in this batch: in another one, or registered by somebody else. */
  elsewhere: DeviceUploadDetails[]
  /**
   * Not to be recognized for sure: without serial number and product key, or several have the same; or listed with the same
   * serial number, where neither the device id nor the product key, nor manufacturer and model, say that it is the same device.
   */
  cannotTell: DeviceUploadDetails[]
}

/**
 * Lists the devices of a batch and compares them with what was reported.
 *
 * @param customer The customer, from `partner.customers.byId`.
 * @param batchId The name of the batch.
 * @param report What became of the upload, or of the group of uploads; one that has not ended is compared as far as it goes.
 * @param options The signal, and limits for each page of the list.
 * @returns The devices of the report by what the batch says of them. Rejects with every error of a list, 404 when there is no
 * such batch.
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
    const isUnclear = !isListed && match.kind !== 'none'
    const outcome = deviceOutcome(device, true)
    if (isUnclear) found.cannotTell.push(device)
    else if (outcome === 'succeeded') found[isListed ? 'present' : 'absent'].push(device)
    else if (isListed && outcome === 'unresolved') found.present.push(device)
    else if (isListed) found.alreadyPresent.push(device)
    else if (outcome === 'already-registered') found.elsewhere.push(device)
  })
  return found
}

/** The results of a report, each with what is known of its device: manufacturer and model only the rows of a group have. */
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
