/** What a spreadsheet makes of a cell: how it is kept from being run as a formula, and what it does to a serial number. */

// A cell may begin in the middle of a value: where the list separator of the locale is a semicolon, Excel does not heed quotes
// that stand inside a cell. The full-width signs are formulas in East Asian editions (OWASP, "CSV Injection").
const startOfCell = String.raw`(?<=^|[;\t\r\n])`
const formula = String.raw`(?=[ \u00A0']*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])`
const unguardedFormula = new RegExp(startOfCell + formula, 'g')
const guardedFormula = new RegExp(`${startOfCell}'${formula}`, 'g')

/** Puts an apostrophe before all that a spreadsheet could run as a formula; {@link unguardFormula} takes it away again. */
export function guardFormula(cell: string): string {
  const guarded = cell.replace(unguardedFormula, "'")
  return /^'*[\t\r\n]/.test(guarded) ? `'${guarded}` : guarded
}

/** Takes away the apostrophes that {@link guardFormula} puts, and no other. */
export function unguardFormula(cell: string): string {
  if (!cell.includes("'")) return cell
  const guarded = /^'+[\t\r\n]/.test(cell) ? cell.slice(1) : cell
  return guarded.replace(guardedFormula, '')
}

/** Reads `="0012"`, the way to write text so that a spreadsheet leaves it alone; anything else is returned unchanged. */
export function unwrapTextFormula(cell: string): string {
  return /^="(?:[^"]|"")*"$/.test(cell) ? cell.slice(2, -1).replaceAll('""', '"') : cell
}

/** Whether the cell is what a spreadsheet makes of a long number (`1.23457E+12`); no serial number has this shape. */
export function isScientificNotation(cell: string): boolean {
  return /^[+-]?\d+(?:[.,]\d+)?e[+-]\d+$/i.test(cell)
}

/** Whether the cell is the error of a formula, such as a look-up that found nothing. */
export function isSpreadsheetError(cell: string): boolean {
  return /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NULL!|NUM!|SPILL!|CALC!)$|^#{3,}$/i.test(cell)
}
