/** A line of a CSV file that opens in a spreadsheet. */
// oxlint-disable-next-line typescript/triple-slash-reference -- a package that reads these sources needs the declaration too
/// <reference path="./papaparse.d.ts" />
import Papa from 'papaparse'

import { guardFormula } from './spreadsheet-cells.ts'

/**
 * Writes one line of a CSV file (RFC 4180), CRLF included.
 *
 * @param cells The values. One that a spreadsheet could run as a formula gets an apostrophe in front.
 * @example
 * ```ts
 * import { toCsvLine } from '@devicebatch/csv'
 *
 * console.log(toCsvLine(['5CG35PVYN1', 'HP', 'Tablet, grey', '=1+1'])) // 5CG35PVYN1,HP,"Tablet, grey",'=1+1
 * ```
 */
export function toCsvLine(cells: readonly string[]): string {
  return `${Papa.unparse([cells.map(guardFormula)], { newline: '\r\n' })}\r\n`
}
