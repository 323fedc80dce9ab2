/** Is the table of runtimes up to date? Its figures are compared when the suite has run on all of them. */
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'

import { expect, test } from 'vitest'

import { readTable } from '../runtimes/runtimes-table.ts'
import { runtimes } from '../runtimes/runtimes.ts'

test('the table in docs/runtimes.md has a row for each runtime and a column for each file of the suite', () => {
  const files = globSync('*.test.ts', { cwd: join(import.meta.dirname, '../runtimes') })
  expect(readTable(), 'run `npm run test:runtimes`, which writes the table anew').toEqual({
    labels: runtimes.map(({ label }) => label),
    files: files.map((file) => basename(file, '.test.ts')).toSorted(),
  })
})
