/** How is a line written so that a spreadsheet opens it safely? */
import { guardFormula } from '../rows/spreadsheet-cells.ts'

/**
 * Writes one line (RFC 4180), CRLF included. A cell that a spreadsheet could run as a formula is prefixed with an apostrophe.
 */
export function toCsvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => quote(guardFormula(cell))).join(',')}\r\n`
}

function quote(cell: string): string {
  return /[",\r\n]|^\s|\s$|^\uFEFF/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
