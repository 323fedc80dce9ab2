/** docs/api matches the docstrings: every export has one, and no page is stale. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { apiDirectory, writeApi } from './api.ts'

const written = join(import.meta.dirname, '../.results/api')

test('docs/api matches the docstrings', async () => {
  await writeApi(written)
  const message = 'run `npm run docs:api` and commit what it writes'
  expect(pages(apiDirectory), message).toEqual(pages(written))
  for (const page of pages(written))
    expect(read(apiDirectory, page), `${page}: ${message}`).toBe(read(written, page))
})

function pages(directory: string): string[] {
  return globSync('**/*.md', { cwd: directory }).toSorted()
}

function read(directory: string, page: string): string {
  return readFileSync(join(directory, page), 'utf8')
}
