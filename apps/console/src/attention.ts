/** Which devices need somebody, and what is to be done? */
import type { BatchUploadReport, DeviceErrorExplanation } from '@devicebatch/client'
import { deviceOutcome, explainDeviceError } from '@devicebatch/client'
import type { DeviceUploadDetails, NewDevice } from '@devicebatch/contract'
import type { DeviceRow } from '@devicebatch/csv'

/** A device that failed, or of which nobody can say what became of it. Plain JSON. */
export interface DeviceInNeed extends Pick<DeviceErrorExplanation, 'meaning' | 'remedy' | 'retryable'> {
  outcome: 'failed' | 'unresolved'
  /** The line of its row; absent when no file is at hand, or when more than one row could be meant. */
  line?: number
  serialNumber?: string
  productKey?: string
  manufacturer?: string
  model?: string
  /** The wire's `errorCode`, such as `"808"`. */
  errorCode?: string
  /** The symbolic name, such as `ZtdDeviceAssignedToOtherTenant`. */
  errorName?: string
}

/** The devices of an ended batch that need somebody, in the order of the service. */
export function devicesInNeed(report: BatchUploadReport, rows: readonly DeviceRow[] = []): DeviceInNeed[] {
  const hasEnded = report.outcome !== 'pending'
  return report.devices.flatMap((device) => {
    const outcome = deviceOutcome(device, hasEnded)
    if (outcome !== 'failed' && outcome !== 'unresolved') return []
    return [describeDevice(device, outcome, findRow(device, rows))]
  })
}

function describeDevice(
  device: DeviceUploadDetails,
  outcome: 'failed' | 'unresolved',
  row: SentRow | undefined,
): DeviceInNeed {
  const errorCode = (device.errorCode ?? '').trim()
  const { name, meaning, remedy, retryable } =
    outcome === 'failed'
      ? explainDeviceError(errorCode, device.errorDescription ?? undefined)
      : unresolved(device.status)
  const [serialNumber, productKey] = [device.serialNumber, device.productKey]
  const { oemManufacturerName, modelName } = row?.device ?? {}
  return {
    outcome,
    ...(row && { line: row.line }),
    ...(serialNumber && { serialNumber }),
    ...(productKey && { productKey }),
    ...(oemManufacturerName && { manufacturer: oemManufacturerName }),
    ...(modelName && { model: modelName }),
    ...(errorCode && { errorCode }),
    ...(name && { errorName: name }),
    meaning,
    remedy,
    retryable,
  }
}

function unresolved(status: string | null | undefined): Omit<DeviceErrorExplanation, 'evidence'> {
  return {
    name: undefined,
    meaning: `The batch has ended, but the service gives ${status ? `the status "${status}"` : 'no status'} for the device.`,
    remedy: 'Look the device up in Partner Center before you send it again.',
    retryable: false,
  }
}

type SentRow = DeviceRow & { device: NewDevice }

/** The only row with the serial number and product key of the result; the service returns nothing else to tell by. */
function findRow(result: DeviceUploadDetails, rows: readonly DeviceRow[]): SentRow | undefined {
  const agree = (sent: string | null | undefined, got: string | null | undefined): boolean =>
    !sent || !got || sent.toUpperCase() === got.toUpperCase()
  const found = rows.filter((row): row is SentRow => {
    const { serialNumber, productKey } = row.device ?? {}
    const shareOne = (serialNumber && result.serialNumber) || (productKey && result.productKey)
    return (
      Boolean(shareOne) && agree(serialNumber, result.serialNumber) && agree(productKey, result.productKey)
    )
  })
  return found.length === 1 ? found[0] : undefined
}
