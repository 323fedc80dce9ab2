/** The keys by which a device is recognized. */

import type { BatchDevice, EmulatorState } from '../state/state.ts'

/** What distinguishes one device from another. */
export interface DeviceIdentity {
  serialNumber?: string | undefined
  productKey?: string | undefined
  hardwareHash?: string | undefined
}

/**
 * A device is recognized by its serial number or its product key; only a device with neither is recognized by
 * its hardware hash, to avoid storing 4,000 characters per device.
 */
export function deviceKeys({ serialNumber, productKey, hardwareHash }: DeviceIdentity): string[] {
  const keys: string[] = []
  if (serialNumber !== undefined) keys.push(`serial number ${serialNumber}`)
  if (productKey !== undefined) keys.push(`product key ${productKey}`)
  if (keys.length === 0 && hardwareHash !== undefined) keys.push(`hardware hash ${hardwareHash}`)
  return keys
}

/** Releases the device's keys, so that anyone can register it. */
export function releaseKeys(state: EmulatorState, device: BatchDevice): void {
  for (const key of device.keys) state.owners.delete(key)
}
