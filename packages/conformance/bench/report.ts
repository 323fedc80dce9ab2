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
  const document = [
    '# Benchmarks',
    '<!-- Written by `npm run bench`. -->',
    `What this project costs compared with the alternatives, written by \`npm run bench\` on ${date.toISOString().slice(0, 10)}, on ${process.platform} ${process.arch} with ${availableParallelism()} cores (${cpu?.model ?? 'unknown'}).`,
    'Numbers are medians, with the quartiles in parentheses. Ratios are calculated within a round, in which everything being compared takes turns, so that a busy machine slows all of it equally.',
    '## Targets',
    ...results.map(renderPart),
    '## Versions',
    table(['what', 'version'], Object.entries(tools)),
    '',
  ].join('\n\n')
  return countTargets(document)
}

/** The document with this part replaced, or inserted before the versions if it is new. */
export function replacePart(document: string, result: Result): string {
  const sections = document.split(/^(?=## )/m)
  const isOf = (title: string) => (section: string) => section.startsWith(`## ${title}\n`)
  const rendered = `${renderPart(result)}\n\n`
  const at = sections.findIndex(isOf(result.part.title))
  if (at >= 0) sections[at] = rendered
  else sections.splice(sections.findIndex(isOf('Versions')), 0, rendered)
  return countTargets(sections.join(''))
}

/** The document with its table of targets counted again from the tables of the parts. */
export function countTargets(document: string): string {
  const sections = document.split(/^(?=## )/m)
  const rows = sections.flatMap((section) => {
    const met = section.match(/\| yes +\|$/gm)?.length ?? 0
    const missed = section.match(/\| \*\*no\*\* +\|$/gm)?.length ?? 0
    return met + missed > 0 ? [[titleOf(section), String(met + missed), String(missed)]] : []
  })
  return sections
    .map((section) =>
      titleOf(section) === 'Targets'
        ? `## Targets\n\n${table(['part', 'targets', 'missed'], rows)}\n\n`
        : section,
    )
    .join('')
}

function titleOf(section: string): string {
  return /^## (.*)$/m.exec(section)?.[1] ?? ''
}

function table(head: string[], rows: string[][]): string {
  const widths = head.map((text, column) =>
    Math.max(3, text.length, ...rows.map((row) => row[column]!.length)),
  )
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
