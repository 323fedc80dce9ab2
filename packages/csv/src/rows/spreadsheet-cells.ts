/** What does a spreadsheet do to a cell? How a formula is defused, and how a damaged serial number is recognized. */

// A cell may begin in the middle of a value: where the list separator of the locale is a semicolon, Excel splits there and
// ignores quotes inside a cell. Quotes, apostrophes and spaces before the sign do not prevent a formula. The full-width signs
// are formulas in East Asian editions (OWASP, "CSV Injection").
const signs = String.raw`=+\-@\uFF1D\uFF0B\uFF0D\uFF20`
const skipped = String.raw`[ \u00A0'"]*`
const begins = (apostrophe: string): RegExp =>
  new RegExp(
    String.raw`(?<=^|;)${apostrophe}(?=${skipped}[${signs}\t\r\n])|(?<=[\t\r\n])${apostrophe}(?=${skipped}[${signs}])`,
    'g',
  )
const unguarded = begins('')
const guarded = begins("'")

/** Prefixes anything that a spreadsheet could run as a formula with an apostrophe; {@link unguardFormula} removes it again. */
export function guardFormula(cell: string): string {
  return cell.replace(unguarded, "'")
}

/** Removes the apostrophes that {@link guardFormula} adds, and no others. */
export function unguardFormula(cell: string): string {
  return cell.includes("'") ? cell.replace(guarded, '') : cell
}

/** Unwraps `="0012"`, a notation that keeps a spreadsheet from changing text; anything else is returned unchanged. */
export function unwrapTextFormula(cell: string): string {
  return /^="(?:[^"]|"")*"$/.test(cell) ? cell.slice(2, -1).replaceAll('""', '"') : cell
}

/** Whether the cell is a long number as a spreadsheet shows it (`1.23457E+12`); no serial number has this shape. */
export function isScientificNotation(cell: string): boolean {
  return /^[+-]?\d+(?:[.,]\d+)?e[+-]\d+$/i.test(cell)
}

// In every language, an error ends in an exclamation or question mark (`#REF!`, `#BEZUG!`) or is like `#N/A`, with these exceptions.
const error = /^#(?:\S+[!?]|\p{L}\/\p{L}|NV|YOK|HIÁNYZIK|NENÍ_K_DISPOZICI|GETTING_DATA)$|^#{3,}$/iu

/** Whether the cell is a formula error, such as a failed lookup. */
export function isSpreadsheetError(cell: string): boolean {
  return error.test(cell)
}

// Month abbreviations, in the languages whose spreadsheets use them.
const month =
  '(?:jan|ene|gen|sty|feb|fev|fév|lut|mar|mär|mrz|mrt|apr|avr|abr|kwi|may|mai|maj|mei|mag|jun|jui|giu|cze|jul|lip|lug|aug|ago|aoû|sie|sep|set|wrz|oct|okt|out|ott|paź|nov|lis|dec|dez|dic|des|déc|gru)'
const dayAndMonth = new RegExp(`^\\d{1,2}[-. /]+${month}\\p{L}*\\.?(?:[-. /]+\\d{2,4})?$`, 'iu')
const monthAndYear = new RegExp(`^${month}\\p{L}*\\.?[-. /]+(?:\\d{1,2}|(?:19|20)\\d\\d)$`, 'iu')

/** The type that a spreadsheet converted a serial number to; `undefined` when it did not. */
export function findSpreadsheetType(cell: string): 'a date' | 'a number' | 'a Boolean' | undefined {
  if (/^(?:true|false|wahr|falsch|vrai|faux|verdadero|verdadeiro|falso|vero|waar|onwaar)$/i.test(cell)) {
    return 'a Boolean'
  }
  if (!/^\p{L}{0,10}\.?[\d .,:/-]/u.test(cell)) return undefined
  if (
    /^[+-]?\d{1,3}(?:[.,'’\u00A0\u202F]\d{3})+(?:[.,]\d+)?$|^[+-]?\d+[.,]\d+$|^\d+(?:[.,]\d+)? ?%$/.test(cell)
  ) {
    return 'a number'
  }
  return dayAndMonth.test(cell) || monthAndYear.test(cell) || isNumericDate(cell) ? 'a date' : undefined
}

function isNumericDate(cell: string): boolean {
  const [, one, , two, three] =
    /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:[ T]\d{1,2}:\d\d(?::\d\d)?(?: ?[AP]M)?)?$/i.exec(cell) ?? []
  if (one === undefined) return /^\d{1,2}:\d\d(?::\d\d)?$|^\d{1,2}\/(?:19|20)\d\d$/.test(cell)
  const [year, day] = one.length > 2 ? [one, three!] : [three!, one]
  const isYear = year.length === 2 || /^(?:19|20)\d\d$/.test(year)
  const numbers = [Number(day), Number(two)]
  return isYear && numbers.every((number) => number >= 1 && number <= 31) && Math.min(...numbers) <= 12
}
