/** Which devices of a batch did the user choose? */
import type { CustomerResource } from '@devicebatch/client'
import { InvalidArgumentError } from '@devicebatch/client'
import type { Device } from '@devicebatch/contract'

import { count } from '../output/format.ts'
import { checkBatchName } from '../service/batch-name.ts'

/** The chosen devices: those named, or every device of the batch. */
export interface DeviceChoice {
  batchId: string
  /** Serial numbers or device IDs, as the user typed them. */
  named: readonly string[]
  all: boolean
}

/** Throws `InvalidArgumentError` when the choice makes no sense, before any request. */
export function checkDeviceChoice({ batchId, named, all }: DeviceChoice): void {
  checkBatchName(batchId)
  if (all === named.length > 0) {
    throw new InvalidArgumentError(
      all
        ? 'Name devices or add --all, not both.'
        : 'Name the devices by their serial numbers or IDs, or add --all for every device of the batch.',
    )
  }
  if (named.some((name) => keyOf(name) === '')) {
    throw new InvalidArgumentError(
      'A device name is empty, perhaps from an unset variable. Name the devices by their serial numbers or IDs.',
    )
  }
}

/**
 * Lists the batch and picks them. Rejects with `InvalidArgumentError` when one does not exist or several have the same serial
 * number, and with every error of a list.
 */
export async function findDevices(
  customer: CustomerResource,
  choice: DeviceChoice,
  signal: AbortSignal,
): Promise<Device[]> {
  const { batchId, named, all } = choice
  const devices = await customer.deviceBatches.byId(batchId).devices.list({ signal }).toArray()
  if (all) return devices
  const byKey = new Map<string, Set<Device>>()
  for (const device of devices) {
    for (const key of [keyOf(device.id), keyOf(device.serialNumber ?? '')]) {
      byKey.set(key, (byKey.get(key) ?? new Set()).add(device))
    }
  }
  return [...new Set(named.map((name) => pick(name, byKey.get(keyOf(name)), batchId, devices.length)))]
}

function keyOf(text: string): string {
  return text.trim().toUpperCase()
}

function pick(
  name: string,
  found: ReadonlySet<Device> | undefined,
  batchId: string,
  deviceCount: number,
): Device {
  const [device, ...others] = found ?? []
  if (device && others.length === 0) return device
  const [batch, text] = [JSON.stringify(batchId), JSON.stringify(name)]
  throw new InvalidArgumentError(
    device
      ? `${count(others.length + 1)} devices of batch ${batch} have the serial number ${text}. Choose one by its device ID: see "devicebatch devices".`
      : `Batch ${batch} has no device with the serial number or ID ${text} among its ${count(deviceCount, 'device')}. See "devicebatch devices". Nothing was changed.`,
  )
}
