/** Is what a report says in the batch as well? */
import type { DeviceUploadDetails } from '@devicebatch/contract'

import type { CustomerResource } from '../resources/customer.ts'
import type { ListOptions } from '../resources/paged-list.ts'
import type { BatchUploadGroupReport } from '../uploads/group-report.ts'
import type { Identifiers } from './match-results.ts'
import { matchResults } from './match-results.ts'
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
  /** Not to be recognised for sure: without serial number and product key, or several have the same. */
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
  const listed: Identifiers[] = []
  const ids = new Set<string>()
  for await (const { id, serialNumber, productKey } of customer.deviceBatches
    .byId(batchId)
    .devices.list(options)) {
    ids.add(id)
    listed.push({ serialNumber, productKey })
  }
  const found: DeviceVerification = {
    present: [],
    absent: [],
    alreadyPresent: [],
    elsewhere: [],
    cannotTell: [],
  }
  const { rows } = matchResults(report.devices, listed, () => '')
  report.devices.forEach((device, at) => {
    const { kind } = rows[at]!
    const isListed = (device.deviceId !== undefined && ids.has(device.deviceId)) || kind === 'result'
    const isUnclear = !isListed && kind !== 'none'
    const outcome = deviceOutcome(device, true)
    if (isUnclear) found.cannotTell.push(device)
    else if (outcome === 'succeeded') found[isListed ? 'present' : 'absent'].push(device)
    else if (isListed && outcome === 'unresolved') found.present.push(device)
    else if (isListed) found.alreadyPresent.push(device)
    else if (outcome === 'alreadyRegistered') found.elsewhere.push(device)
  })
  return found
}
