/** Whether the cells of one row identify a device, and if not, what is wrong with them. */
import type { NewDevice } from '@devicebatch/contract'

import { canIdentify, columnNames, type DeviceColumns, type DeviceField } from './device-columns.ts'
import {
  isScientificNotation,
  isSpreadsheetError,
  unguardFormula,
  unwrapTextFormula,
} from './spreadsheet-cells.ts'

/** What is wrong with a row. Ours, and fixed: switch over it. */
export type DeviceProblemCode =
  /** A quote is never closed, or is followed by text. */
  | 'malformed-quotes'
  /** The line is longer than any row of devices (65,536 characters). */
  | 'line-too-long'
  /** The row ends before a column of a device. */
  | 'too-few-columns'
  /** The row has more values than the header has columns. */
  | 'too-many-columns'
  /** The value has bytes that are not of the file's encoding. */
  | 'undecodable-text'
  /** The value has a line break, another control character or one that cannot be seen. */
  | 'invisible-character'
  /** The value is the error of a spreadsheet formula, such as `#N/A`. */
  | 'spreadsheet-error'
  /** A spreadsheet turned the digits into a number such as `1.23457E+12`. */
  | 'scientific-notation'
  /** The hardware hash is not the Base64 text of a 4K hash. */
  | 'invalid-hardware-hash'
  /** The row has neither hardware hash, nor product id, nor serial number with manufacturer and model. */
  | 'not-identified'
  /** The row names a device that an earlier row names. */
  | 'duplicate'

/** Why a row of a device file cannot be sent, and how to mend it. */
export interface DeviceProblem {
  /** What is wrong: switch over it. */
  code: DeviceProblemCode
  /** One sentence for the person who has the file open. Never holds a hardware hash. */
  message: string
  /** What to do about it, in one sentence. */
  fix: string
  /** The column at fault, in the header's own spelling; absent when it is the row as a whole. */
  column?: string
  /** With `duplicate` only: the line of the earlier row. */
  firstLine?: number
}

/** A device of one row, or what is wrong with the row. */
export type DeviceResult =
  | { device: NewDevice; problem?: undefined }
  | { device?: undefined; problem: DeviceProblem }

/** The shortest and longest Base64 text taken for a 4K hash, in characters: real ones have about 4,000, those from before
 * Windows 10 1703 have 172, and a database column may have cut them at 255. Wide, because the length is nowhere promised. */
const hashLength = { min: 2_000, max: 8_192 }

/** Reads one row. Blank rows are not for this function. */
export function readDeviceRow(cells: readonly string[], columns: DeviceColumns): DeviceResult {
  const problem = findMisalignment(cells, columns)
  if (problem) return { problem }
  const values: DeviceValues = {}
  for (const [field, index] of columns.indexes) {
    const value = readValue(cells[index]!)
    if (value === '') continue
    const fault = field === 'hardwareHash' ? findHashFault(value) : findTextFault(value, field)
    if (fault) return { problem: { ...fault, column: columns.header[index]!.trim() } }
    values[field] = field === 'hardwareHash' ? padBase64(value) : detach(value)
  }
  // The check is the proof that one of the union's combinations is there.
  return canIdentify((field) => values[field] !== undefined)
    ? { device: values as unknown as NewDevice }
    : { problem: notIdentified(values, columns) }
}

type DeviceValues = Partial<Record<DeviceField, string>>

/** Whether a row says nothing: the empty lines and the rows of bare delimiters that spreadsheets leave at the end. */
export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '')
}

type Fault = Pick<DeviceProblem, 'code' | 'message' | 'fix'>

function findMisalignment(cells: readonly string[], columns: DeviceColumns): DeviceProblem | undefined {
  const { header, width } = columns
  if (cells.length < width) {
    return {
      code: 'too-few-columns',
      message: `The row has ${count(cells.length, 'value')} and ends before the column "${header[width - 1]!.trim()}", number ${width}.`,
      fix: 'Complete the row; where a value is missing, leave it empty between two delimiters.',
    }
  }
  if (cells.length > header.length && !isBlank(cells.slice(header.length))) {
    return {
      code: 'too-many-columns',
      message: `The row has ${count(cells.length, 'value')}, the header has ${count(header.length, 'column')}.`,
      fix: 'Put the value that holds a delimiter in double quotes, or remove the surplus values.',
    }
  }
  return undefined
}

/** The value as it stands, without surrounding white space and without what only keeps spreadsheets away from it. */
function readValue(cell: string): string {
  const trimmed = cell.trim()
  const unguarded = unguardFormula(trimmed)
  return unguarded === trimmed ? unwrapTextFormula(trimmed).trim() : unguarded
}

// Control characters and those that are invisible by nature (soft hyphen, zero width, direction marks, byte order mark).
const invisible = /[\p{Cc}\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]/u

function findTextFault(value: string, field: DeviceField): Fault | undefined {
  if (value.includes('\uFFFD')) {
    return {
      code: 'undecodable-text',
      message:
        'The value has bytes that are not of the encoding the file was read in (UTF-8 unless it says otherwise).',
      fix: 'Save the file as "CSV UTF-8", or read it with the `encoding` it was written in, such as "windows-1252".',
    }
  }
  const hidden = invisible.exec(value)
  if (hidden) {
    return {
      code: 'invisible-character',
      message: `The value has ${nameOf(hidden[0])} at position ${hidden.index + 1}.`,
      fix: 'Type the value anew instead of pasting it.',
    }
  }
  if (isSpreadsheetError(value)) {
    return {
      code: 'spreadsheet-error',
      message: `The value is "${value}", the error of a spreadsheet formula.`,
      fix: 'Correct the formula in the spreadsheet, or type the value, and save the file anew.',
    }
  }
  if ((field === 'serialNumber' || field === 'productKey') && isScientificNotation(value)) {
    return {
      code: 'scientific-notation',
      message: `The value is "${value}": a spreadsheet took the digits for a number and dropped the last ones.`,
      fix: 'Take the value from the original list, format the column as text before entering it, and save the file anew.',
    }
  }
  return undefined
}

function findHashFault(value: string): Fault | undefined {
  const fix = 'Collect the hardware hash anew (Get-WindowsAutopilotInfo) and copy it whole.'
  if (!isBase64(value)) {
    const digits = value.replace(/={1,2}$/, '')
    const at = digits.search(/[^A-Za-z0-9+/]/)
    const reason =
      at === -1
        ? `its length, ${digits.length} characters, is none that Base64 can have`
        : `${nameOf(String.fromCodePoint(digits.codePointAt(at)!))} stands at position ${at + 1}`
    return { code: 'invalid-hardware-hash', message: `The hardware hash is not Base64: ${reason}.`, fix }
  }
  if (value.length < hashLength.min || value.length > hashLength.max) {
    return {
      code: 'invalid-hardware-hash',
      message: `The hardware hash has ${count(value.length, 'character')}; a 4K hash has about 4,000.`,
      fix: `${fix} It needs Windows 10 version 1703 or later.`,
    }
  }
  return undefined
}

/** Base64 with or without its padding. `atob` is many times faster than a regular expression, but skips white space: lengths tell. */
function isBase64(value: string): boolean {
  const digits = value.endsWith('=') ? value.replace(/={1,2}$/, '') : value
  try {
    return digits.length % 4 !== 1 && atob(digits).length === Math.floor((digits.length * 3) / 4)
  } catch {
    return false
  }
}

/** Devices give their hash without padding, and the service refuses it so (Intune docs, on error 802); it says nothing. */
function padBase64(value: string): string {
  if (value.length % 4 === 0) return value
  const digits = value.replace(/=+$/, '')
  return digits.padEnd(Math.ceil(digits.length / 4) * 4, '=')
}

function notIdentified(values: DeviceValues, columns: DeviceColumns): DeviceProblem {
  const name = (field: DeviceField): string => {
    const index = columns.indexes.get(field)
    return `"${index === undefined ? columnNames[field] : columns.header[index]!.trim()}"`
  }
  const given = (Object.keys(values) as DeviceField[]).map(name).join(' and ') || 'nothing'
  const missing = (['serialNumber', 'oemManufacturerName', 'modelName'] as const).filter(
    (field) => !values[field],
  )
  return {
    code: 'not-identified',
    message: `The row gives ${given}, which does not identify a device.`,
    fix: `Give ${name('hardwareHash')}, or ${name('productKey')}, or also ${missing.map(name).join(' and ')}.`,
  }
}

function nameOf(character: string): string {
  if (character === '\n' || character === '\r') return 'a line break'
  if (character === ' ') return 'a space'
  const codePoint = character.codePointAt(0)!
  const code = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`
  return invisible.test(character) || /\s/.test(character)
    ? `the character ${code}`
    : `"${character}" (${code})`
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`
}

/** A copy: what engines cut out of a text keeps the whole text in memory, and rows outlive the piece they were read from. */
function detach(value: string): string {
  return ` ${value}`.slice(1)
}
