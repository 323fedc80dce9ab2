/** Which column of a device file holds which property of a device. */
import { InvalidArgumentError } from '@devicebatch/edge'

import {
  columnNames,
  deviceFields,
  exampleHeader,
  guessField,
  isColumnName,
  isFieldName,
  namesOf,
  toComparableName,
} from './header-names.ts'
import type { DeviceField } from './header-names.ts'

/** The positions of the columns in one file. */
export interface DeviceColumns {
  /** The index of each field's column; a field that is absent has no column in the file. */
  indexes: ReadonlyMap<DeviceField, number>
  /** The header's cells, without the white space around them. */
  header: readonly string[]
  /** How many cells a row needs so that no field's column is missing. */
  width: number
  /** The indexes of the columns that are not read. */
  unread: readonly number[]
}

/** Finds the columns by their names, ignoring case, spacing and order. */
export function findDeviceColumns(cells: readonly string[]): DeviceColumns {
  const header = cells.map((cell) => cell.trim())
  const names = header.map(toComparableName)
  const indexes = new Map<DeviceField, number>()
  for (const field of deviceFields) {
    const name = namesOf(field).find((candidate) => names.includes(candidate))
    if (name !== undefined) indexes.set(field, names.indexOf(name))
  }
  const read = new Set(indexes.values())
  const unread = header.flatMap((_, index) => (read.has(index) ? [] : [index]))
  return { indexes, header, width: Math.max(0, ...read) + 1, unread }
}

/** Why the header cannot be used: it does not identify devices, or it is ambiguous which column counts. */
export function findHeaderFault(columns: DeviceColumns, line: number): InvalidArgumentError | undefined {
  const { header, indexes } = columns
  for (const index of indexes.values()) {
    const name = toComparableName(header[index]!)
    const second = header.findIndex((cell, at) => at > index && toComparableName(cell) === name)
    if (second !== -1) return repeatedColumn(header, index, second, line)
  }
  if (indexes.size === 0) return unknownHeader(columns, line)
  return isIdentifying(columns) ? undefined : notEnoughColumns(columns, line)
}

/** Whether rows under this header can identify devices. */
export function isIdentifying({ indexes }: DeviceColumns): boolean {
  return canIdentify((field) => indexes.has(field))
}

/**
 * Whether the present fields identify a device: a hardware hash, or a product key, or serial number with manufacturer and model
 * (Partner Center docs, "Upload a list of devices to create a batch for the specified customer").
 */
export function canIdentify(has: (field: DeviceField) => boolean): boolean {
  return (
    has('hardwareHash') ||
    has('productKey') ||
    (has('serialNumber') && has('oemManufacturerName') && has('modelName'))
  )
}

/** Whether a row is a repeated header, or the header of an appended file: it has column names where device values belong. */
export function isHeaderRow(cells: readonly string[], { indexes }: DeviceColumns): boolean {
  const hasName = identities.some((field) => {
    const cell = cells[indexes.get(field) ?? -1]
    // Few names contain digits and nearly all values do, and a digit is much faster to find.
    return !!cell && cell.length <= 60 && !/[1-35-9]/.test(cell) && isFieldName(cell)
  })
  if (!hasName) return false
  const filled = cells.filter((cell) => cell.trim() !== '')
  return filled.filter(isColumnName).length * 2 > filled.length
}

/** Every header has at least one of these columns. */
const identities: readonly DeviceField[] = ['serialNumber', 'productKey', 'hardwareHash']

/** Whether both have each field in the same column. */
export function isSameMapping(one: DeviceColumns, other: DeviceColumns): boolean {
  return (
    one.indexes.size === other.indexes.size &&
    [...one.indexes].every(([field, index]) => other.indexes.get(field) === index)
  )
}

/** The column's name in the file, or its documented name when the file lacks it. */
export function nameOfColumn({ indexes, header }: DeviceColumns, field: DeviceField): string {
  const index = indexes.get(field)
  return index === undefined ? columnNames[field] : header[index]!
}

/** Lists the unrecognized column names with the names they should have; empty when there are none. */
function describeUnknownNames({ header, indexes, unread }: DeviceColumns): string {
  const unknown = unread.filter((index) => header[index] !== '' && !isFieldName(header[index]!))
  if (unknown.length === 0) return ''
  const names = unknown.map((index) => header[index]!)
  const listed = names.slice(0, 6).map((name) => {
    const field = guessField(name)
    return field === undefined || indexes.has(field)
      ? quote(name)
      : `${quote(name)} (rename it to "${columnNames[field]}")`
  })
  const more = names.length > listed.length ? ', …' : ''
  const hasComputer = names.some((name) => /^(device|computer)name$/.test(toComparableName(name)))
  const isMisread = names.some((name) => name.includes('\uFFFD'))
  return (
    ` Not recognized: ${listed.join(', ')}${more}.` +
    (hasComputer ? ' The computer name is not the model.' : '') +
    (isMisread
      ? ' It has bytes that are not valid in the encoding used to read the file: save the file as "CSV UTF-8", or set `encoding` to the encoding of the file, such as "windows-1252".'
      : '')
  )
}

function quote(cell: string): string {
  return `"${cell.length > 30 ? `${cell.slice(0, 30)}…` : cell}"`
}

function unknownHeader(columns: DeviceColumns, line: number): InvalidArgumentError {
  const { header } = columns
  const found = header.slice(0, 6).map(quote).join(', ') + (header.length > 6 ? ', …' : '')
  const isFileName = line === 1 && header.length === 1 && /\.(csv|tsv|txt|xlsx?)$/i.test(header[0]!)
  const hints = header.some((cell) => guessField(cell) !== undefined || cell.includes('\uFFFD'))
  return new InvalidArgumentError(
    isFileName
      ? `${quote(header[0]!)} is the name of a device file, not its content. Read the file and pass its bytes or a stream of them.`
      : `Line ${line} of the device file is not a known header: it has ${found}. Give the columns these names, in a line above the first device: ${exampleHeader}` +
          (hints ? `.${describeUnknownNames(columns)}` : ''),
  )
}

function notEnoughColumns(columns: DeviceColumns, line: number): InvalidArgumentError {
  const { header, indexes } = columns
  const found = [...indexes.values()].map((index) => quote(header[index]!)).join(', ')
  return new InvalidArgumentError(
    `The header in line ${line} of the device file has ${found}, which does not identify a device. Add a column "${columnNames.hardwareHash}" or ` +
      `"${columnNames.productKey}", or all of "${columnNames.serialNumber}", "${columnNames.oemManufacturerName}" and "${columnNames.modelName}".` +
      describeUnknownNames(columns),
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
      'Remove or rename the one that is not meant to be read.',
  )
}
