/** How is a line written so that a spreadsheet opens it safely? */
import { guardFormula } from '../rows/spreadsheet-cells.ts'

/**
 * Writes one line (RFC 4180), CRLF included. A cell that a spreadsheet could run as a formula is prefixed with an apostrophe.
 */
export function toCsvLine(cells: readonly string[], delimiter: ',' | ';' = ','): string {
  return `${cells.map((cell) => quote(guardFormula(cell), delimiter)).join(delimiter)}\r\n`
}

function quote(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || /["\r\n]|^\s|\s$|^\uFEFF/.test(cell)
    ? `"${cell.replaceAll('"', '""')}"`
    : cell
}
