/** Which device do the cells of one row describe, or what is wrong with them? */
import { nameOfColumn } from '../columns/device-columns.ts'
import type { DeviceColumns } from '../columns/device-columns.ts'
import { columnNames } from '../columns/header-names.ts'
import type { DeviceField } from '../columns/header-names.ts'
import { isBlank } from '../text/opening.ts'
import { findCharacterFault } from './characters.ts'
import { count } from './device-problem.ts'
import type { DeviceProblem, Fault } from './device-problem.ts'
import { findHashFault, looksLikeHash, padBase64 } from './hardware-hash.ts'
import { isPlaceholder } from './placeholders.ts'
import { findProductIdFault } from './product-id.ts'
import {
  findSpreadsheetType,
  isScientificNotation,
  isSpreadsheetError,
  unguardFormula,
  unwrapTextFormula,
} from './spreadsheet-cells.ts'

/** The device values of a row. */
export interface RowValues {
  fields: Partial<Record<DeviceField, string>>
  /** The fields that contain a placeholder; they are not in `fields`. */
  placeholders: Partial<Record<DeviceField, string>>
}

/** The values of one row, or what is wrong with it. */
export type RowReading =
  | { values: RowValues; problem?: undefined }
  | { values?: undefined; problem: DeviceProblem }

/** Reads one row that is not blank. */
export type RowReader = (cells: readonly string[], columns: DeviceColumns) => RowReading

/** How many manufacturers and models are cached: lists contain few different ones, each thousands of times. */
const mostNames = 1_000

/** Creates a reader for the rows of one file with this delimiter. */
export function createRowReader(delimiter: string): RowReader {
  const names = new Map<string, Checked>()
  const check = (field: DeviceField, cell: string): Checked => {
    const isName = field === 'oemManufacturerName' || field === 'modelName'
    if (!isName) return checkValue(field, readValue(cell))
    const known = names.get(cell)
    if (known) return known
    const key = detach(cell)
    const checked = checkValue(field, readValue(key))
    if (names.size < mostNames) names.set(key, checked)
    return checked
  }
  return (cells, columns) => {
    const problem = findMisalignment(cells, columns, delimiter)
    if (problem) return { problem }
    const values: RowValues = { fields: {}, placeholders: {} }
    for (const [field, index] of columns.indexes) {
      const { value, kind, fault } = check(field, cells[index]!)
      if (fault) return { problem: { ...fault, column: columns.header[index]! } }
      if (value !== '') values[kind][field] = value
    }
    return { values }
  }
}

/** Whether the cell contains a value and not a word that means "empty". */
export function hasValue(cell: string): boolean {
  return cell.trim() !== '' && !isPlaceholder(cell)
}

interface Checked {
  value: string
  kind: keyof RowValues
  fault?: Fault
}

function checkValue(field: DeviceField, value: string): Checked {
  if (value === '') return { value, kind: 'fields' }
  if (field === 'serialNumber' && ordinarySerial.test(value)) return { value: detach(value), kind: 'fields' }
  if (field === 'hardwareHash' && value.length > 1_000) return checkHash(value)
  if (isPlaceholder(value) && !isSpreadsheetError(value))
    return { value: detach(value), kind: 'placeholders' }
  if (field === 'hardwareHash') return checkHash(value)
  const fault = findTextFault(value, field)
  return fault ? { value, kind: 'fields', fault } : { value: detach(value), kind: 'fields' }
}

/** Letters followed by digits, or digits followed by letters: the shape of most serial numbers. */
const ordinarySerial = /^(?:[A-Za-z]{1,3}\d|\d{1,4}[A-Za-z])[A-Za-z\d]{3,36}$/

function checkHash(value: string): Checked {
  const fault = findHashFault(value)
  return fault ? { value, kind: 'fields', fault } : { value: padBase64(value), kind: 'fields' }
}

/** The value as it is, without surrounding white space and without the guards that keep spreadsheets from changing it. */
export function readValue(cell: string): string {
  const trimmed = cell.trim()
  const unguarded = unguardFormula(trimmed)
  return unguarded === trimmed ? unwrapTextFormula(trimmed).trim() : unguarded
}

function findTextFault(value: string, field: DeviceField): Fault | undefined {
  if (looksLikeHash(value)) {
    return {
      code: 'wrong-column',
      message: `The value has ${count(value.length, 'character')} and looks like a hardware hash.`,
      fix: `Move it to the column "${columnNames.hardwareHash}".`,
    }
  }
  const isId = field === 'serialNumber' || field === 'productKey'
  return (
    (isSpreadsheetError(value) ? spreadsheetError(value) : undefined) ??
    (isId ? findSpreadsheetFault(value) : undefined) ??
    findCharacterFault(value, field) ??
    (field === 'productKey' ? findProductIdFault(value) : undefined)
  )
}

function spreadsheetError(value: string): Fault {
  return {
    code: 'spreadsheet-error',
    value: detach(value),
    message: `The value is "${value}", the error of a spreadsheet formula.`,
    fix: 'Fix the formula in the spreadsheet, or type the value, and save the file again.',
  }
}

function findSpreadsheetFault(value: string): Fault | undefined {
  const fix =
    'Take the value from the original list, format the column as text before you enter it, and save the file again.'
  if (isScientificNotation(value)) {
    return {
      code: 'scientific-notation',
      value: detach(value),
      message: `The value is "${value}": a spreadsheet read the digits as a number and dropped the last ones.`,
      fix,
    }
  }
  const type = findSpreadsheetType(value)
  return (
    type && {
      code: 'spreadsheet-value',
      value: detach(value),
      message: `The value is "${value}": a spreadsheet read it as ${type} and changed it.`,
      fix,
    }
  )
}

function findMisalignment(
  cells: readonly string[],
  columns: DeviceColumns,
  delimiter: string,
): DeviceProblem | undefined {
  const { header, width } = columns
  if (cells.length < width) {
    const other = findOtherDelimiter(cells.join(delimiter), delimiter, width)
    return other === undefined
      ? {
          code: 'too-few-columns',
          message: `The row has ${count(cells.length, 'value')} and ends before the column "${header[width - 1]!}", number ${width}.`,
          fix: 'Complete the row; where a value is missing, leave nothing between two delimiters.',
        }
      : {
          code: 'other-delimiter',
          message: `The header separates columns with ${delimiterNames[delimiter] ?? `"${delimiter}"`}, but this row uses ${delimiterNames[other]!}.`,
          fix: 'Use the same delimiter throughout the file.',
        }
  }
  if (cells.length > header.length && !isBlank(cells.slice(header.length))) {
    return {
      code: 'too-many-columns',
      message: `The row has ${count(cells.length, 'value')}, the header has ${count(header.length, 'column')}.`,
      fix: 'Put the value that contains a delimiter in double quotes, or remove the extra values.',
    }
  }
  return undefined
}

const delimiterNames: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'vertical bars',
}

/** A different delimiter that yields all columns of the row. */
function findOtherDelimiter(text: string, delimiter: string, width: number): string | undefined {
  return Object.keys(delimiterNames).find((other) => other !== delimiter && text.split(other).length >= width)
}

/** Explains why a row that is otherwise valid does not identify a device. */
export function notIdentified({ fields, placeholders }: RowValues, columns: DeviceColumns): DeviceProblem {
  const name = (field: DeviceField): string => `"${nameOfColumn(columns, field)}"`
  const tuple = ['serialNumber', 'oemManufacturerName', 'modelName'] as const
  const placeholder = tuple.find((field) => placeholders[field] !== undefined)
  if (placeholder && tuple.every((field) => fields[field] ?? placeholders[field])) {
    return {
      code: 'placeholder',
      message: `The value is "${placeholders[placeholder]!}", a placeholder that many devices have, which does not identify a device.`,
      fix: `Give ${name('hardwareHash')} or ${name('productKey')}, or the real value from the device.`,
      column: nameOfColumn(columns, placeholder),
    }
  }
  const given = (Object.keys(fields) as DeviceField[]).map(name).join(' and ')
  const read = [...columns.indexes.keys()].map(name).join(', ')
  const missing = tuple.filter((field) => !fields[field])
  return {
    code: 'not-identified',
    message:
      given === ''
        ? `The row has no value in the columns that were read (${read}).`
        : `The row gives ${given}, which does not identify a device.`,
    fix: `Give ${name('hardwareHash')}, or ${name('productKey')}, or also ${missing.map(name).join(' and ')}.`,
  }
}

/**
 * Copies the value: in most engines, a substring keeps the whole text in memory, and rows outlive the piece they were read
 * from.
 */
export function detach(value: string): string {
  return ` ${value}`.slice(1)
}
