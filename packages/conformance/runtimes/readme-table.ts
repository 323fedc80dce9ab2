/** The table in the README: how many tests of each kind pass on each runtime. */
import { readSection, writeSection } from '../shared/readme-section.ts'
import type { RuntimeResult } from './run.ts'

/** What to say when `writeTable` wrote. */
export const tableWritten =
  'The table of runtimes in README.md was out of date, and was written anew: commit it.'

/** Writes the table where the README has its place for it. Returns false when it stands there already. */
export function writeTable(results: readonly RuntimeResult[]): boolean {
  return writeSection('suite', tableOf(results))
}

/** What stands in the README's table: the labels of the runtimes, and the names of the test files. */
export function readTable(): { labels: string[]; files: string[] } {
  const lines = readSection('suite').split('\n')
  const [[, ...files] = [], , ...rows] = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  return { labels: rows.map(([label]) => label!), files }
}

/** As the formatter would write it, so that a check of the format has nothing to say. */
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
