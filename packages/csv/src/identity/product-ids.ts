/** Which product IDs do different devices share? */
import { createDigest, createDigestTable } from './digest-table.ts'

/** What a row says of the device that has a product ID. */
interface Owner {
  serialNumber?: string | undefined
  hardwareHash?: string | undefined
}

/** The product IDs that a file has named. */
export interface ProductIds {
  /** Notes that the row on `line` has this product ID. */
  add(productKey: string, owner: Owner, line: number): void
  /** Whether rows of different devices have it. */
  isShared(productKey: string): boolean
  /** The line of the first row that has it. */
  firstLine(productKey: string): number
}

/**
 * A product ID that rows with different serial numbers have, or with different hardware hashes where a serial number is missing,
 * stands for an edition or a license of Windows and not for a device.
 *
 * Keeps a digest, a line number and 12 bytes for each product ID and no text: with the free places of the table 48 to 96 bytes.
 */
export function createProductIds(): ProductIds {
  const digest = createDigest()
  const table = createDigestTable(4)
  const [firstLine, serial, hash, shared] = [0, 1, 2, 3]
  /** A number that is never 0, which stands for a value that is missing. */
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
