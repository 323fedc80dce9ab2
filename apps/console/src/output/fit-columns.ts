/** Which columns of a list fit on the page, and how wide? A row takes one line, whatever the width. */
import stringWidth from 'string-width'

import { largest } from './format.ts'

/** What may happen to a column that does not fit. */
export interface ColumnFit {
  heading: string
  /** Whether part of its text would be useless, as with an ID. */
  isWhole?: boolean | undefined
  /** Whether the column can be dropped when the others need its space: 1 goes first. */
  drop?: number | undefined
}

/** The table, and what it leaves out. */
export interface FittedTable {
  /** The header, then one line per row. */
  lines: string[]
  /** The headings of the columns that do not fit; empty columns are not among them. */
  dropped: string[]
}

interface Column extends ColumnFit {
  at: number
  /** How wide its widest cell is. */
  natural: number
  /** How far it can be shortened before others are dropped. */
  least: number
}

const gap = 2
/** A shorter cell says too little. */
const leastText = 16

/**
 * Fits a list into the width: drops empty columns, then those with a `drop`, then shortens the widest text.
 *
 * @param rows The cells of each row, one per column.
 * @param styleHead Styles the header line.
 */
export function fitTable(
  columns: readonly ColumnFit[],
  rows: readonly (readonly string[])[],
  width: number,
  styleHead: (head: string) => string,
): FittedTable {
  const used = columns.flatMap((column, at) => measure(column, at, rows))
  const dropped = chooseDropped(used, width)
  const shown = used.filter((column) => !dropped.includes(column))
  const widths = shareWidth(shown, width)
  const lineOf = (cells: readonly string[]): string =>
    shorten(cells.map((cell, at) => pad(shorten(cell, widths[at]!), widths[at]!)).join('  '), width).trimEnd()
  return {
    lines: [
      styleHead(lineOf(shown.map(({ heading }) => heading))),
      ...rows.map((row) => lineOf(shown.map(({ at }) => row[at] ?? ''))),
    ],
    dropped: used.flatMap((column) => (dropped.includes(column) ? column.heading : [])),
  }
}

function measure(column: ColumnFit, at: number, rows: readonly (readonly string[])[]): Column[] {
  const widest = largest(rows.map((row) => stringWidth(row[at] ?? '')))
  if (widest === 0) return []
  const heading = stringWidth(column.heading)
  const natural = Math.max(widest, heading)
  const least = column.isWhole ? natural : Math.min(natural, Math.max(leastText, heading))
  return [{ ...column, at, natural, least }]
}

function chooseDropped(columns: readonly Column[], width: number): Column[] {
  const candidates = columns
    .filter(({ drop }) => drop !== undefined)
    .toSorted((one, other) => one.drop! - other.drop!)
  let needed = total(columns.map(({ least }) => least))
  const dropped: Column[] = []
  for (const column of candidates) {
    if (needed <= width) break
    dropped.push(column)
    needed -= column.least + gap
  }
  return dropped
}

/** Shortens the widest text until the line fits, or until nothing can be shortened. */
function shareWidth(columns: readonly Column[], width: number): number[] {
  const widths = columns.map(({ natural }) => natural)
  for (let excess = total(widths) - width; excess > 0; excess--) {
    let widest = -1
    for (const [at, { least }] of columns.entries()) {
      if (widths[at]! > least && (widest < 0 || widths[at]! > widths[widest]!)) widest = at
    }
    if (widest < 0) break
    widths[widest]!--
  }
  return widths
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, one) => sum + one, gap * (widths.length - 1))
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)))
}

/** The text, or its beginning and an ellipsis if it is wider. */
export function shorten(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let kept = ''
  for (const { segment } of new Intl.Segmenter('en').segment(text)) {
    if (stringWidth(kept + segment) >= width) break
    kept += segment
  }
  return `${kept}…`
}
