/** A line of a CSV file that opens in a spreadsheet. */
import { guardFormula } from '../rows/spreadsheet-cells.ts'

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
  return `${cells.map((cell) => quote(guardFormula(cell))).join(',')}\r\n`
}

function quote(cell: string): string {
  return /[",\r\n]|^\s|\s$|^\uFEFF/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
