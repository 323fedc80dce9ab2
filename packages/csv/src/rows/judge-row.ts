/** Can a row be sent, given the other rows of its file? */
import type { NewDevice } from '@devicebatch/contract'

import { canIdentify, nameOfColumn } from '../columns/device-columns.ts'
import type { DeviceColumns } from '../columns/device-columns.ts'
import type { DeviceField } from '../columns/header-names.ts'
import type { ProductIds } from '../identity/product-ids.ts'
import { createDeviceMemory } from '../identity/seen-devices.ts'
import type { EarlierDevice } from '../identity/seen-devices.ts'
import type { NoteCollector } from '../notes/note-collector.ts'
import type { DeviceProblem } from './device-problem.ts'
import { notIdentified } from './device-row.ts'
import type { RowValues } from './device-row.ts'
import { isGenericProductId } from './product-id.ts'
import type { ReadRow, RefusedRow } from './read-rows.ts'
import { identityOfValues } from './row-identity.ts'

/** A device of one row, or what is wrong with the row. */
export type JudgedRow =
  | { line: number; device: NewDevice; problem?: undefined }
  | ({ line: number; device?: undefined } & RefusedRow)

/**
 * Judges rows in their order.
 *
 * @param notes Receives what was omitted from a device.
 * @param productIds The product IDs known so far.
 */
export function createJudge(
  notes: NoteCollector,
  productIds: () => ProductIds,
): (row: ReadRow, firstLine: number) => JudgedRow {
  const remember = createDeviceMemory()

  /** Omits a product ID that does not identify a device, and returns the reason. */
  const leaveOutProductId = ({ fields }: RowValues): 'generic' | 'shared' | undefined => {
    const { productKey } = fields
    if (productKey === undefined) return undefined
    const isGeneric = isGenericProductId(productKey)
    if (!isGeneric && !productIds().isShared(productKey)) return undefined
    delete fields.productKey
    return isGeneric ? 'generic' : 'shared'
  }
  return ({ line, columns, values, refused }, firstLine) => {
    if (!values) return { line, ...refused! }
    const { productKey } = values.fields
    const leftOut = leaveOutProductId(values)
    if (leftOut === 'shared' && productIds().firstLine(productKey!) < firstLine) {
      notes.earlierProductId(productIds().firstLine(productKey!))
    }
    if (!canIdentify((field) => values.fields[field] !== undefined)) {
      return {
        line,
        problem: leftOut ? genericProductId(leftOut, columns) : notIdentified(values, columns),
        identity: identityOfValues(values),
      }
    }
    // The check above proves that one of the union's combinations is present.
    const device = values.fields as unknown as NewDevice
    const earlier = remember(device, line)
    if (earlier)
      return { line, problem: repeatedDevice(earlier, columns), identity: identityOfValues(values) }
    if (leftOut) notes.leftOutProductId(leftOut, line)
    if (values.placeholders.serialNumber !== undefined) {
      notes.placeholder(nameOfColumn(columns, 'serialNumber'), line)
    }
    return { line, device }
  }
}

function genericProductId(reason: 'generic' | 'shared', columns: DeviceColumns): DeviceProblem {
  const name = (field: DeviceField): string => `"${nameOfColumn(columns, field)}"`
  return {
    code: 'generic-product-id',
    message:
      reason === 'generic'
        ? 'The product ID belongs to an edition of Windows (…-AAOEM) and does not identify a device.'
        : 'Rows with other serial numbers or hardware hashes have the same product ID, so it does not identify a device.',
    fix: `Give ${name('hardwareHash')}, or ${name('serialNumber')}, ${name('oemManufacturerName')} and ${name('modelName')}, or the 13-digit product ID from the label on the box.`,
    column: nameOfColumn(columns, 'productKey'),
  }
}

function repeatedDevice({ line, field }: EarlierDevice, columns: DeviceColumns): DeviceProblem {
  const name = (of: DeviceField): string => `"${nameOfColumn(columns, of)}"`
  if (field === 'conflict') {
    return {
      code: 'conflicting-hash',
      message: `Line ${line} has the same ${name('serialNumber')} with a different ${name('hardwareHash')}.`,
      fix: 'Keep the row with the hash that was collected last (after a repair, only that one is correct), and remove the other.',
      column: nameOfColumn(columns, 'serialNumber'),
      firstLine: line,
    }
  }
  const common =
    field === 'serialNumber' ? (['serialNumber', 'oemManufacturerName', 'modelName'] as const) : [field]
  return {
    code: 'duplicate',
    message: `The row names the same device as line ${line}: ${common.map(name).join(', ')} ${common.length === 1 ? 'is' : 'are'} the same.`,
    fix:
      field === 'hardwareHash'
        ? 'Remove one of the two rows. If they are two devices, one has the hash of the other: collect it again on the right device.'
        : 'Remove one of the two rows, or fix the one that is wrong.',
    column: nameOfColumn(columns, field),
    firstLine: line,
  }
}
