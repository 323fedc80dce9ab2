/** The table in the README: how many tests of each kind pass on each runtime. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { RuntimeResult } from './run.ts'

const readmeFile = join(import.meta.dirname, '../../../README.md')
const [start, end] = ['<!-- suite: start -->', '<!-- suite: end -->']

/** Writes the table where the README has its place for it; nothing is written when it stands there already. */
export function writeTable(results: readonly RuntimeResult[]): void {
  const readme = readFileSync(readmeFile, 'utf8')
  const [before, rest] = readme.split(start)
  const after = rest?.split(end)[1]
  if (after === undefined) throw new Error(`README.md has no place for the table: ${start} … ${end}.`)
  const written = `${before}${start}\n\n${tableOf(results)}\n\n${end}${after}`
  if (written === readme) return
  writeFileSync(readmeFile, written)
  console.log('README.md: the table of runtimes was written anew.')
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
