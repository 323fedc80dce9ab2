/** A list from the service, as a table for people or as CSV or JSON for machines. */
import { toCsvLine } from '@devicebatch/csv/internal'

import { count, formatTime, plainText } from './format.ts'
import type { Output } from './output.ts'
import { renderTable } from './render-text.ts'

/** A column: its heading, and its text for one item. */
export type Column<T> = readonly [heading: string, textOf: (item: T) => string | number | null | undefined]

/** What is listed, and how. */
export interface Listing<T> {
  items: AsyncIterable<T>
  columns: readonly Column<T>[]
  /** What one item is called, such as `batch`. */
  noun: string
  /** What more than one are called. */
  plural: string
}

/**
 * Reads a list to its end and writes it. Returns how many items there are.
 *
 * @param csv Whether standard output gets CSV, line by line as it comes.
 * @param key The member of the JSON document that holds the items as the service sent them.
 */
export async function printListing<T extends object>(
  { items, columns, noun, plural }: Listing<T>,
  output: Output,
  { csv, key }: { csv: boolean | undefined; key: string },
): Promise<number> {
  // Machines get each value as it is; on a terminal some would act as control sequences.
  const clean = csv && !output.data.isTTY ? (text: string) => text : plainText
  const cellsOf = (item: T): string[] => columns.map(([, textOf]) => clean(String(textOf(item) ?? '')))
  if (csv) output.data.write(`\uFEFF${toCsvLine(columns.map(([heading]) => heading))}`)
  const all: T[] = []
  for await (const item of items) {
    if (csv) output.data.write(toCsvLine(cellsOf(item)))
    all.push(item)
  }
  output.record({ [key]: all })
  const total = all.length === 1 ? count(1, noun) : `${count(all.length)} ${plural}`
  if (csv || all.length === 0) {
    output.print(total)
    return all.length
  }
  const head = columns.map(([heading]) => output.style('dim', heading))
  const rows = all.map(cellsOf)
  output.print(renderTable([head, ...rows], output.width), '', total)
  return all.length
}

/** A time of the service as people read it; empty when there is none, or when it is the year 1, which means none. */
export function timeText(time: Date | undefined): string {
  return time ? formatTime(time.toISOString()) : ''
}
