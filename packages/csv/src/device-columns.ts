/** Which column of a device file holds which property of a device. */
import { InvalidArgumentError } from '@devicebatch/client'

/** The properties of a device that a file can give. */
export type DeviceField = 'serialNumber' | 'productKey' | 'hardwareHash' | 'oemManufacturerName' | 'modelName'

/** Where the columns of one file are. */
export interface DeviceColumns {
  /** The index of each field's column; a field without one is not in the file. */
  indexes: ReadonlyMap<DeviceField, number>
  /** The header's cells, as the file spells them. */
  header: readonly string[]
  /** How many cells a row needs so that no field's column is missing. */
  width: number
}

/** The columns in the spelling and order of the Partner Center docs, "Add devices to a customer's account". */
export const columnNames: Readonly<Record<DeviceField, string>> = {
  serialNumber: 'Device Serial Number',
  productKey: 'Windows Product ID',
  hardwareHash: 'Hardware Hash',
  oemManufacturerName: 'Manufacturer name',
  modelName: 'Device model',
}

// Partner Center, Intune / Windows Autopilot, Managed Desktop, and the API's own names; the first that is present counts.
const headerNames: Readonly<Record<DeviceField, readonly string[]>> = {
  serialNumber: ['deviceserialnumber', 'serialnumber'],
  productKey: ['windowsproductid', 'productkey'],
  hardwareHash: ['hardwarehash'],
  oemManufacturerName: ['manufacturername', 'manufacturer', 'oemmanufacturername'],
  modelName: ['devicemodel', 'model', 'modelname', 'devicename'],
}

const fields = Object.keys(columnNames) as DeviceField[]

/** A header that is always right, for messages. */
export const exampleHeader: string = Object.values(columnNames).join(',')

/** Finds the columns by the header's names, whatever their case, spacing and order; other columns are left alone. */
export function findDeviceColumns(header: readonly string[], line: number): DeviceColumns {
  const names = header.map(toComparableName)
  const indexes = new Map<DeviceField, number>()
  for (const field of fields) {
    const name = headerNames[field].find((candidate) => names.includes(candidate))
    if (name === undefined) continue
    const index = names.indexOf(name)
    const second = names.indexOf(name, index + 1)
    if (second !== -1) throw repeatedColumn(header, index, second, line)
    indexes.set(field, index)
  }
  if (indexes.size === 0) throw unknownHeader(header, line)
  if (!canIdentify((field) => indexes.has(field))) throw notEnoughColumns(header, indexes, line)
  return { indexes, header, width: Math.max(...indexes.values()) + 1 }
}

/** How many cells name a column of a device: tells the right delimiter from a wrong one. */
export function countDeviceColumns(header: readonly string[]): number {
  const known = new Set(Object.values(headerNames).flat())
  return header.filter((cell) => known.has(toComparableName(cell))).length
}

/**
 * Whether the fields that are there identify a device: a hardware hash, or a product key, or serial number with manufacturer and model
 * (Partner Center docs, "Upload a list of devices to create a batch for the specified customer").
 */
export function canIdentify(has: (field: DeviceField) => boolean): boolean {
  return (
    has('hardwareHash') ||
    has('productKey') ||
    (has('serialNumber') && has('oemManufacturerName') && has('modelName'))
  )
}

function toComparableName(cell: string): string {
  return cell.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}

function quote(cell: string): string {
  return `"${cell.length > 30 ? `${cell.slice(0, 30)}…` : cell}"`
}

function unknownHeader(header: readonly string[], line: number): InvalidArgumentError {
  const found = header.slice(0, 6).map(quote).join(', ') + (header.length > 6 ? ', …' : '')
  const isFileName = line === 1 && header.length === 1 && /\.(csv|tsv|txt|xlsx?)$/i.test(header[0]!.trim())
  return new InvalidArgumentError(
    isFileName
      ? `${quote(header[0]!)} is the name of a device file, not its content. Read the file and pass its bytes or a stream of them.`
      : `Line ${line} of the device file is not a header that is known: it has ${found}. Make the first line: ${exampleHeader}`,
  )
}

function notEnoughColumns(
  header: readonly string[],
  indexes: ReadonlyMap<DeviceField, number>,
  line: number,
): InvalidArgumentError {
  const found = [...indexes.values()].map((index) => quote(header[index]!)).join(', ')
  return new InvalidArgumentError(
    `The header in line ${line} of the device file has ${found}, which identifies no device. Add a column "${columnNames.hardwareHash}" or ` +
      `"${columnNames.productKey}", or all of "${columnNames.serialNumber}", "${columnNames.oemManufacturerName}" and "${columnNames.modelName}".`,
  )
}

function repeatedColumn(
  header: readonly string[],
  first: number,
  second: number,
  line: number,
): InvalidArgumentError {
  return new InvalidArgumentError(
    `The header in line ${line} of the device file has ${quote(header[first]!)} twice, as columns ${first + 1} and ${second + 1}. ` +
      'Remove or rename the one that should not be read.',
  )
}
