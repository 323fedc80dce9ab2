/** Formats the measurements as Markdown tables, for the screen and the documents. */
import { availableParallelism, cpus } from 'node:os'

import type { Part, Row } from './measure.ts'

export interface Result {
  part: Part
  rows: Row[]
}

/** The part as a heading, its method and a table. */
export function renderPart({ part, rows }: Result): string {
  return [
    `## ${part.title}`,
    `${part.how} To run only this part: \`npm run bench -- ${part.name}\`.`,
    table(
      ['what', 'target', 'result', 'met'],
      rows.map(({ what, target, reached, met }) => [
        what,
        target ?? '',
        reached,
        met === undefined ? '' : met ? 'yes' : '**no**',
      ]),
    ),
    ...(part.missed && rows.some(({ met }) => met === false)
      ? [`Why the target is missed: ${part.missed}`]
      : []),
  ].join('\n\n')
}

/** The whole document. */
export function renderDocument(results: Result[], versions: Record<string, string>, date: Date): string {
  const [cpu] = cpus()
  const tools = {
    Node: process.versions.node,
    V8: process.versions.v8,
    undici: process.versions.undici!,
    ...versions,
  }
  return [
    '# Benchmarks',
    '<!-- Written by `npm run bench`. -->',
    `What this project costs compared with the alternatives, written by \`npm run bench\` on ${date.toISOString().slice(0, 10)}, on ${process.platform} ${process.arch} with ${availableParallelism()} cores (${cpu?.model ?? 'unknown'}).`,
    'Numbers are medians, with the quartiles in parentheses. Ratios are calculated within a round, in which everything being compared takes turns, so that a busy machine slows all of it equally.',
    '## Targets',
    renderSummary(results),
    ...results.map(renderPart),
    '## Versions',
    table(['what', 'version'], Object.entries(tools)),
    '',
  ].join('\n\n')
}

/** The document with this part replaced, or inserted before the versions if it is new. */
export function replacePart(document: string, result: Result): string {
  const sections = document.split(/^(?=## )/m)
  const isOf = (title: string) => (section: string) => section.startsWith(`## ${title}\n`)
  const rendered = `${renderPart(result)}\n\n`
  const at = sections.findIndex(isOf(result.part.title))
  if (at >= 0) sections[at] = rendered
  else sections.splice(sections.findIndex(isOf('Versions')), 0, rendered)
  return sections.join('')
}

/** The targets of the design, and the results. */
function renderSummary(results: Result[]): string {
  const rows = results.flatMap(({ part, rows: measured }) =>
    measured
      .filter(({ target }) => target)
      .map(({ what, target, reached, met }) => [part.title, what, target!, reached, met ? 'yes' : '**no**']),
  )
  return table(
    ['measurement', 'subject', 'target', 'result', 'met'],
    rows.map(([title, ...rest], index) => [title === rows[index - 1]?.[0] ? '' : title!, ...rest]),
  )
}

function table(head: string[], rows: string[][]): string {
  const widths = head.map((text, column) =>
    Math.max(3, text.length, ...rows.map((row) => row[column]!.length)),
  )
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
