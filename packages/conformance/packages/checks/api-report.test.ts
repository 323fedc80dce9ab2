/** The public surface of each library is recorded in its `api.md`, and changes only together with it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, inject, test } from 'vitest'

import { libraries, published } from '../../shared/pack-workspace.ts'
import { root } from '../../shared/run-command.ts'
import { writeApiReport } from './api-report.ts'

const { copy } = inject('packed')
const differs =
  'The public surface is not what api.md says: run `npm run api`, look at its change, and add a changeset'

describe('the API report', () => {
  test.each(libraries)('of %s matches its declarations', async (name) => {
    const written = await readFile(join(root, published[name], 'api.md'), 'utf8')
    expect(writeApiReport(join(copy, published[name])), differs).toBe(written)
  })
})
