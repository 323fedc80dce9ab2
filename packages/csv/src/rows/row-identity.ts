/** Which device is a row about that cannot be sent? */
import type { DeviceColumns } from '../columns/device-columns.ts'
import type { DeviceProblemCode } from './device-problem.ts'
import { detach, readValue } from './device-row.ts'
import type { RowValues } from './device-row.ts'
import { findProductIdFault } from './product-id.ts'

/** What a row that cannot be sent says about its device, as it was read, so that a person can find the device. */
export interface RowIdentity {
  /** The value in the column of serial numbers. */
  serialNumber?: string
  /** The manufacturer; absent if the row has too few or too many values, because it could be something else. */
  oemManufacturerName?: string
  /** The model; absent in the same cases. */
  modelName?: string
}

const identityFields = ['serialNumber', 'oemManufacturerName', 'modelName'] as const
type IdentityField = (typeof identityFields)[number]

/** With these, a value may be in another column than its own. */
const misaligned: ReadonlySet<DeviceProblemCode> = new Set([
  'too-few-columns',
  'too-many-columns',
  'other-delimiter',
])

/** Longer values are parts of hashes, or text. */
const longestValue = 100

/** Reads it from the cells of a row with this problem. */
export function identityOfCells(
  cells: readonly string[],
  { indexes }: DeviceColumns,
  code: DeviceProblemCode,
): RowIdentity {
  return pick(misaligned.has(code) ? ['serialNumber'] : identityFields, (field) =>
    detach(readValue(cells[indexes.get(field) ?? -1] ?? '')),
  )
}

/** Takes it from the values of a row, placeholders included. */
export function identityOfValues({ fields, placeholders }: RowValues): RowIdentity {
  return pick(identityFields, (field) => fields[field] ?? placeholders[field] ?? '')
}

function pick(fields: readonly IdentityField[], read: (field: IdentityField) => string): RowIdentity {
  const identity: RowIdentity = {}
  for (const field of fields) {
    const value = read(field)
    if (value !== '' && value.length <= longestValue && !hasLicenseKey(value)) identity[field] = value
  }
  return identity
}

/** A license key must be kept secret, also one in a wrong column, or with the dashes of a word processor. */
function hasLicenseKey(value: string): boolean {
  return (
    findProductIdFault(value) !== undefined || /(?:[A-Z\d]{5}[\s\p{Pd}\u2212]){4}[A-Z\d]{5}/iu.test(value)
  )
}
