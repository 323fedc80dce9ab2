/** What can be wrong with a row. */

/** What is wrong with a row. Stable identifiers of this package: switch on them. */
export type DeviceProblemCode =
  /** A quoted value is never closed, or text follows its closing quote. */
  | 'malformed-quotes'
  /** The line is longer than any row of devices (65,536 characters). */
  | 'line-too-long'
  /** The row ends before a column of a device. */
  | 'too-few-columns'
  /** The row has more values than the header has columns. */
  | 'too-many-columns'
  /** The row uses a different delimiter than the header. */
  | 'other-delimiter'
  /** The row is a header whose columns differ from the header above. */
  | 'different-header'
  /** The value has bytes that are not valid in the file's encoding. */
  | 'undecodable-text'
  /** The value has a line break, another control character or an invisible character. */
  | 'invisible-character'
  /** The value has a look-alike character, such as a typographic quote or a Cyrillic letter, or letters that were read in the wrong encoding. */
  | 'unexpected-character'
  /** The value is the error of a spreadsheet formula, such as `#N/A`. */
  | 'spreadsheet-error'
  /** A spreadsheet turned the digits into a number such as `1.23457E+12`. */
  | 'scientific-notation'
  /** A spreadsheet turned the value into a date, a number or a Boolean, such as `01-Mar`, `1.234.567` or `TRUE`. */
  | 'spreadsheet-value'
  /** The hardware hash is not the Base64 text of a 4K hash. */
  | 'invalid-hardware-hash'
  /** A hardware hash is in a column meant for another value. */
  | 'wrong-column'
  /** The product ID is a 25-character license key. */
  | 'license-key'
  /** The only identifier of the row is a product ID that many devices share. */
  | 'generic-product-id'
  /** The only identifier of the row is a placeholder such as "To be filled by O.E.M.". */
  | 'placeholder'
  /** The row has no hardware hash, no product ID, and no serial number with manufacturer and model. */
  | 'not-identified'
  /** The row names a device that an earlier row names. */
  | 'duplicate'
  /** An earlier row has the same serial number with a different hardware hash. */
  | 'conflicting-hash'

/** Why a row of a device file cannot be sent, and how to fix it. */
export interface DeviceProblem {
  /** What is wrong: switch on it. */
  code: DeviceProblemCode
  /** One sentence for the person who has the file open. Never contains a hardware hash or a license key. */
  message: string
  /** How to fix it, in one sentence. */
  fix: string
  /** The affected column, in the header's own spelling; absent when the problem is the row as a whole. */
  column?: string
  /** With `spreadsheet-error`, `scientific-notation` and `spreadsheet-value` only: the value of the cell. */
  value?: string
  /** With `duplicate` and `conflicting-hash` only: the line of the earlier row. */
  firstLine?: number
}

/** A problem before its column is known. */
export type Fault = Pick<DeviceProblem, 'code' | 'message' | 'fix' | 'value'>

/** The number with its noun. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`
}
