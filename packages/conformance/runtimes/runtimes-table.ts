/** The table in docs/runtimes.md: how many tests of each kind pass on each runtime. */
import type { WrittenSection } from '../shared/written-section.ts'
import { readSection, writeSection } from '../shared/written-section.ts'
import type { RuntimeResult } from './runtimes.ts'

const section: WrittenSection = { document: 'docs/runtimes.md', name: 'suite' }

/** The message to print if `writeTable` changed the table. */
export const tableWritten = 'The table in docs/runtimes.md was out of date and has been rewritten: commit it.'

/** Writes the table into its document. Returns false if it was already up to date. */
export function writeTable(results: readonly RuntimeResult[]): boolean {
  return writeSection(section, tableOf(results))
}

/** The content of the table: the labels of the runtimes, and the names of the test files. */
export function readTable(): { labels: string[]; files: string[] } {
  const lines = readSection(section).split('\n')
  const [[, ...files] = [], , ...rows] = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  return { labels: rows.map(([label]) => label!), files }
}

/** Formatted as the formatter would, so that the format check passes. */
function tableOf(results: readonly RuntimeResult[]): string {
  const files = [...results[0]!.passedByFile.keys()].toSorted()
  const rows = [
    ['runtime', ...files],
    ...results.map(({ runtime, passedByFile }) => [
      runtime.label,
      ...files.map((file) => String(passedByFile.get(file) ?? 0)),
    ]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)))
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join(' | ')} |`
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  const [header, ...body] = rows
  return [header!, rule, ...body].map(line).join('\n')
}
