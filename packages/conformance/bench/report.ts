/** Tells what was measured: as tables of Markdown, on the screen and in the documents. */
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
    `${part.how} Alone: \`npm run bench -- ${part.name}\`.`,
    table(
      ['what', 'target', 'reached', 'met'],
      rows.map(({ what, target, reached, met }) => [
        what,
        target ?? '',
        reached,
        met === undefined ? '' : met ? 'yes' : '**no**',
      ]),
    ),
    ...(part.missed && rows.some(({ met }) => met === false) ? [`Why it stops there: ${part.missed}`] : []),
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
    `What this project costs beside what it is compared with, written by \`npm run bench\` on ${date.toISOString().slice(0, 10)}, on ${process.platform} ${process.arch} with ${availableParallelism()} cores (${cpu?.model ?? 'unknown'}).`,
    'Numbers are medians, with the quartiles in brackets. Ratios are made within a round, in which all that is compared takes turns, so that a busy machine slows them all.',
    '## Targets',
    renderSummary(results),
    ...results.map(renderPart),
    '## Versions',
    table(['what', 'version'], Object.entries(tools)),
    '',
  ].join('\n\n')
}

/** The document with this part in the place of what it says of it; before the versions when it says nothing yet. */
export function replacePart(document: string, result: Result): string {
  const sections = document.split(/^(?=## )/m)
  const isOf = (title: string) => (section: string) => section.startsWith(`## ${title}\n`)
  const rendered = `${renderPart(result)}\n\n`
  const at = sections.findIndex(isOf(result.part.title))
  if (at >= 0) sections[at] = rendered
  else sections.splice(sections.findIndex(isOf('Versions')), 0, rendered)
  return sections.join('')
}

/** What the design asks for, and what was reached. */
function renderSummary(results: Result[]): string {
  const rows = results.flatMap(({ part, rows: measured }) =>
    measured
      .filter(({ target }) => target)
      .map(({ what, target, reached, met }) => [part.title, what, target!, reached, met ? 'yes' : '**no**']),
  )
  return table(
    ['what is measured', 'of what', 'target', 'reached', 'met'],
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
