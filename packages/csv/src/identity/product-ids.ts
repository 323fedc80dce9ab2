/** Which product IDs do different devices share? */
import { createDigest, createDigestTable } from './digest-table.ts'

/** The identifiers that a row gives for the device with a product ID. */
interface Owner {
  serialNumber?: string | undefined
  hardwareHash?: string | undefined
}

/** The product IDs seen in a file. */
export interface ProductIds {
  /** Records that the row on `line` has this product ID. */
  add(productKey: string, owner: Owner, line: number): void
  /** Whether rows of different devices share it. */
  isShared(productKey: string): boolean
  /** The line of the first row that has it. */
  firstLine(productKey: string): number
}

/**
 * A product ID shared by rows with different serial numbers (or, where a serial number is missing, different hardware hashes)
 * identifies an edition or a license of Windows, not a device.
 *
 * Stores no text, only a digest, a line number and 12 bytes per product ID: 48 to 96 bytes including the table's free slots.
 */
export function createProductIds(): ProductIds {
  const digest = createDigest()
  const table = createDigestTable(4)
  const [firstLine, serial, hash, shared] = [0, 1, 2, 3]
  /** A number that is never 0, because 0 means that the value is missing. */
  const toNumber = (value: string | undefined): number => (value ? digest(value).low | 1 : 0)
  return {
    add(productKey, { serialNumber, hardwareHash }, line) {
      const key = digest(productKey)
      const [ownSerial, ownHash] = [toNumber(serialNumber), toNumber(hardwareHash)]
      const found = table.find(key)
      const at = found ?? table.add(key)
      const numbers = table.numbers()
      if (found === undefined) {
        numbers[at + firstLine] = line
      } else {
        const [otherSerial, otherHash] = [numbers[at + serial]!, numbers[at + hash]!]
        const differs = (one: number, other: number): boolean => one !== 0 && other !== 0 && one !== other
        const isSameSerial = ownSerial !== 0 && ownSerial === otherSerial
        if (differs(ownSerial, otherSerial) || (!isSameSerial && differs(ownHash, otherHash))) {
          numbers[at + shared] = 1
        }
      }
      numbers[at + serial] ||= ownSerial
      numbers[at + hash] ||= ownHash
    },
    isShared(productKey) {
      const at = table.find(digest(productKey))
      return at !== undefined && table.numbers()[at + shared] === 1
    },
    firstLine(productKey) {
      const at = table.find(digest(productKey))
      return at === undefined ? 0 : table.numbers()[at + firstLine]!
    },
  }
}
