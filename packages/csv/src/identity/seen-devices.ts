/** Which devices has the file already named? */
import type { NewDevice } from '@devicebatch/contract'

import { createDigest, createDigestTable } from './digest-table.ts'
import type { Digest } from './digest-table.ts'

/** What this row has in common with an earlier row. */
export interface EarlierDevice {
  line: number
  /**
   * `serialNumber` means serial number, manufacturer and model together; `conflict` means the same serial number and
   * manufacturer with a different hardware hash.
   */
  field: 'hardwareHash' | 'productKey' | 'serialNumber' | 'conflict'
}

/** Records the device as named on `line`; if an earlier row names it, returns that row's line and what they share. */
export type RememberDevice = (device: NewDevice, line: number) => EarlierDevice | undefined

/**
 * Two rows name the same device when they have the same hardware hash, or the same product key, or the same serial number,
 * manufacturer and model. A serial number alone is not enough, because two manufacturers may use the same one. But when the
 * manufacturers do not differ either, two hardware hashes are two records of one device, and the service accepts only one.
 *
 * Stores no text, only 64-bit digests and line numbers: 12 bytes for a hardware hash, 12 for a product key and 20 for a serial
 * number, times two to four including the tables' free slots. The chance that two of a million different devices have the same
 * digest is about one in 37 million.
 */
export function createDeviceMemory(): RememberDevice {
  const digest = createDigest()
  /** Hashes, product keys, and the further models of a serial number: the line. */
  const lines = createDigestTable(1)
  /** Serial number and manufacturer of a device: the line, the model's digest, and whether the row has a hash. */
  const serials = createDigestTable(3)
  const lineOf = (key: Digest): number | undefined => {
    const at = lines.find(key)
    return at === undefined ? undefined : lines.numbers()[at]
  }
  return (device, line) => {
    const { hardwareHash, productKey, serialNumber, oemManufacturerName, modelName } = device
    const keys: Digest[] = []
    for (const field of ['hardwareHash', 'productKey'] as const) {
      const text = field === 'hardwareHash' ? hardwareHash : productKey
      if (!text) continue
      const key = digest(text)
      const earlier = lineOf(key)
      if (earlier !== undefined) return { line: earlier, field }
      keys.push(key)
    }
    if (serialNumber) {
      const key = digest(`${serialNumber}\n${oemManufacturerName ?? ''}`)
      const model = oemManufacturerName && modelName ? digest(modelName).low | 1 : 0
      const at = serials.find(key)
      if (at === undefined) {
        const added = serials.add(key)
        serials.numbers().set([line, model, hardwareHash ? 1 : 0], added)
      } else {
        const [earlier, otherModel, hasHash] = serials.numbers().subarray(at, at + 3)
        if (hardwareHash && hasHash) return { line: earlier!, field: 'conflict' }
        if (model !== 0 && model === otherModel) return { line: earlier!, field: 'serialNumber' }
        const tuple = digest(`${serialNumber}\n${oemManufacturerName}\n${modelName}`)
        const other = model === 0 ? undefined : lineOf(tuple)
        if (other !== undefined) return { line: other, field: 'serialNumber' }
        if (model !== 0) keys.push(tuple)
      }
    }
    for (const key of keys) {
      const at = lines.add(key)
      lines.numbers()[at] = line
    }
    return undefined
  }
}
