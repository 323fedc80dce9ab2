/** A list from the service, as a table for people or as CSV or JSON for machines. */
import { toCsvLine } from '@devicebatch/csv/internal'

import type { ColumnFit } from './fit-columns.ts'
import { fitTable } from './fit-columns.ts'
import { count, formatTime, plainText } from './format.ts'
import type { Output } from './output.ts'
import { renderParagraph } from './render-text.ts'

/** A column: its heading, its text for an item, and what may happen to it on a narrow page. */
export type Column<T> = readonly [
  heading: string,
  textOf: (item: T) => string | number | null | undefined,
  fit?: Omit<ColumnFit, 'heading'>,
]

/** What is listed, and how. */
export interface Listing<T> {
  items: AsyncIterable<T> | Iterable<T>
  columns: readonly Column<T>[]
  /** The singular, such as `batch`. */
  noun: string
  /** The plural. */
  plural: string
}

/**
 * Reads a list to its end and writes it. Returns how many items there are.
 *
 * @param csv Whether standard output gets CSV, line by line as it arrives.
 * @param key The member of the JSON document with the items as the service sent them.
 */
export async function printListing<T extends object>(
  { items, columns, noun, plural }: Listing<T>,
  output: Output,
  { csv, key }: { csv: boolean | undefined; key: string },
): Promise<number> {
  // Machines get each value unchanged; on a terminal, some would act as control sequences.
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
  const fits = columns.map(([heading, , fit]) => ({ heading, ...fit }))
  const { lines, dropped } = fitTable(fits, all.map(cellsOf), output.columns, (head) =>
    output.style('dim', head),
  )
  const more = `Hidden columns: ${dropped.join(', ')}. Widen the terminal, or use --json.`
  output.print(lines, '', ...(dropped.length > 0 ? renderParagraph(more, output.width) : []), total)
  return all.length
}

const bySerialNumber = new Intl.Collator('en', { numeric: true })

/** The same devices, sorted by serial number in natural order: S2 before S10. */
export async function* sortBySerialNumber<T extends { serialNumber?: string | null | undefined }>(
  devices: AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const all: T[] = []
  for await (const device of devices) all.push(device)
  yield* all.toSorted((one, other) =>
    bySerialNumber.compare(one.serialNumber ?? '', other.serialNumber ?? ''),
  )
}

/** A time from the service, formatted for people; empty if there is none, or for the year 1, which means none. */
export function timeText(time: Date | undefined): string {
  return time ? formatTime(time.toISOString()) : ''
}
