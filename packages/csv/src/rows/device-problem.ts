/** What can be wrong with a row. */

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
  /** The row uses another delimiter than the header. */
  | 'other-delimiter'
  /** The row is a header whose columns are not those of the header above. */
  | 'different-header'
  /** The value has bytes that are not of the file's encoding. */
  | 'undecodable-text'
  /** The value has a line break, another control character or one that cannot be seen. */
  | 'invisible-character'
  /** The value has a character that only looks like one that devices have, such as a typographic quote or a Cyrillic letter. */
  | 'unexpected-character'
  /** The value is the error of a spreadsheet formula, such as `#N/A`. */
  | 'spreadsheet-error'
  /** A spreadsheet turned the digits into a number such as `1.23457E+12`. */
  | 'scientific-notation'
  /** A spreadsheet turned the value into a date, a number or a truth value, such as `01-Mar`, `1.234.567` or `TRUE`. */
  | 'spreadsheet-value'
  /** The hardware hash is not the Base64 text of a 4K hash. */
  | 'invalid-hardware-hash'
  /** A hardware hash is in the column of something else. */
  | 'wrong-column'
  /** The product ID is a license key of 25 characters. */
  | 'license-key'
  /** The row is identified by nothing but a product ID that many devices have. */
  | 'generic-product-id'
  /** The row is identified by nothing but a placeholder such as "To be filled by O.E.M.". */
  | 'placeholder'
  /** The row has neither hardware hash, nor product ID, nor serial number with manufacturer and model. */
  | 'not-identified'
  /** The row names a device that an earlier row names. */
  | 'duplicate'
  /** An earlier row has the same serial number with another hardware hash. */
  | 'conflicting-hash'

/** Why a row of a device file cannot be sent, and how to fix it. */
export interface DeviceProblem {
  /** What is wrong: switch over it. */
  code: DeviceProblemCode
  /** One sentence for the person who has the file open. Never holds a hardware hash or a license key. */
  message: string
  /** What to do about it, in one sentence. */
  fix: string
  /** The column at fault, in the header's own spelling; absent when it is the row as a whole. */
  column?: string
  /** With `duplicate` and `conflicting-hash` only: the line of the earlier row. */
  firstLine?: number
}

/** A problem, before it is known which column has it. */
export type Fault = Pick<DeviceProblem, 'code' | 'message' | 'fix'>

/** The number with its noun. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`
}
