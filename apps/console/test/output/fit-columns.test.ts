/** Lists fit the page: one line for each row, whatever the width and the cells. */
import * as fc from 'fast-check'
import stringWidth from 'string-width'
import { expect, test } from 'vitest'

import type { ColumnFit } from '../../src/output/fit-columns.ts'
import { fitTable, shorten } from '../../src/output/fit-columns.ts'

const id = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'
const columns: ColumnFit[] = [
  { heading: 'Serial number', isWhole: true },
  { heading: 'Manufacturer', drop: 2 },
  { heading: 'Model' },
  { heading: 'Device ID', isWhole: true, drop: 1 },
]
const row = ['5CG35PVYN1', 'Dell Inc.', 'HP EliteBook 840 14 inch G10 Notebook PC', id]

const fit = (width: number, rows: string[][] = [row]) => fitTable(columns, rows, width, (head) => head)

test('where there is room, every column is as wide as its widest cell', () => {
  expect(fit(Infinity)).toEqual({
    lines: [
      'Serial number  Manufacturer  Model                                     Device ID',
      `5CG35PVYN1     Dell Inc.     HP EliteBook 840 14 inch G10 Notebook PC  ${id}`,
    ],
    dropped: [],
  })
})

test('before a column is dropped, texts are shortened, but never IDs', () => {
  expect(fit(90)).toEqual({
    lines: [
      'Serial number  Manufacturer  Model                    Device ID',
      `5CG35PVYN1     Dell Inc.     HP EliteBook 840 14 in…  ${id}`,
    ],
    dropped: [],
  })
})

test('columns are left out in the order of their importance, and named', () => {
  expect(fit(60)).toEqual({
    lines: [
      'Serial number  Manufacturer  Model',
      '5CG35PVYN1     Dell Inc.     HP EliteBook 840 14 inch G10 N…',
    ],
    dropped: ['Device ID'],
  })
  expect(fit(32)).toEqual({
    lines: ['Serial number  Model', '5CG35PVYN1     HP EliteBook 840…'],
    dropped: ['Manufacturer', 'Device ID'],
  })
})

test('an empty column takes up no space, and is not reported as left out', () => {
  expect(fit(60, [['5CG35PVYN1', '', 'Latitude', '']])).toEqual({
    lines: ['Serial number  Model', '5CG35PVYN1     Latitude'],
    dropped: [],
  })
})

test('whatever the cells and the width, each row takes one line that fits', () => {
  const cell = fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => text.replaceAll(/\p{Cc}/gu, ''))
  const rows = fc.array(fc.array(cell, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(rows, fc.integer({ min: 10, max: 200 }), (cells, width) => {
      const { lines } = fit(width, cells)
      expect(lines).toHaveLength(cells.length + 1)
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width)
    }),
  )
})

test('a shortened text keeps whole characters', () => {
  expect(shorten('前台登记', 5)).toBe('前台…')
  expect(shorten('👩‍💻👩‍💻👩‍💻', 4)).toBe('👩‍💻…')
  expect(shorten('fits', 4)).toBe('fits')
})
