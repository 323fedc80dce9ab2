/** The document of the benchmarks counts its own targets. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import type { Part, Row } from './measure.ts'
import { countTargets, renderDocument, replacePart } from './report.ts'

const part = (name: string): Part => ({
  name,
  title: `Part ${name}`,
  how: 'How.',
  run: () => Promise.resolve([]),
})
const row = (met?: boolean): Row => ({
  what: 'a call',
  reached: '1 ms',
  ...(met !== undefined && { target: '≤ 2 ms', met }),
})

const written = renderDocument(
  [
    { part: part('a'), rows: [row(true), row(false), row()] },
    { part: part('b'), rows: [row()] },
  ],
  {},
  new Date(0),
)

test('counts the targets of each part that has any, and those that are missed', () => {
  expect(targetsOf(written)).toEqual(['Part a | 2 | 1'])
})

test('replacing a part counts its targets again', () => {
  const replaced = replacePart(written, { part: part('a'), rows: [row(true)] })
  expect(targetsOf(replaced)).toEqual(['Part a | 1 | 0'])
  expect(targetsOf(replacePart(replaced, { part: part('c'), rows: [row(false)] }))).toEqual([
    'Part a | 1 | 0',
    'Part c | 1 | 1',
  ])
})

test('the counts in docs/benchmarks.md are those of its tables', () => {
  const document = readFileSync(join(import.meta.dirname, '../../../docs/benchmarks.md'), 'utf8')
  expect(targetsOf(document)).toEqual(targetsOf(countTargets(document)))
  expect(targetsOf(document).length).toBeGreaterThan(5)
})

/** The rows of the table of targets, without its padding. */
function targetsOf(document: string): string[] {
  const section = document.split(/^(?=## )/m).find((text) => text.startsWith('## Targets\n'))!
  const lines = section.split('\n').filter((line) => line.startsWith('| '))
  return lines
    .slice(1)
    .filter((line) => !/^[| -]+$/.test(line))
    .map((line) =>
      line
        .slice(2, -2)
        .replaceAll(/ +\| +/g, ' | ')
        .trim(),
    )
}
