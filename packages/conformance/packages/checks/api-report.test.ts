/** The public surface of each library is recorded in its `api.md`, and changes only together with it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, inject, test } from 'vitest'

import { libraries, published } from '../../shared/pack-workspace.ts'
import { root } from '../../shared/run-command.ts'
import { writeApiReport } from './api-report.ts'
import { plant } from './plant.ts'

const { copy } = inject('packed')
const differs =
  'The public surface is not what api.md says: run `npm run api`, look at its change, and add a changeset'

describe('the API report', () => {
  test.each(libraries)('of %s matches its declarations', async (name) => {
    const written = await readFile(join(root, published[name], 'api.md'), 'utf8')
    expect(writeApiReport(join(copy, published[name])), differs).toBe(written)
  })

  test('shows an export that was added without it', async () => {
    const folder = await plant(
      copy,
      'edge',
      'src/index.ts',
      (content) => `${content}\nexport const planted: number = 1\n`,
    )
    const added = linesOnlyIn(writeApiReport(folder), writeApiReport(join(copy, 'packages/edge')))
    expect(added).toEqual(['export declare const planted: number;'])
  })

  test('shows a member that was added to an exported interface', async () => {
    const folder = await plant(copy, 'edge', 'src/options.ts', (content) =>
      content.replace('export interface CallOptions {', '$&\n  planted?: string'),
    )
    const added = linesOnlyIn(writeApiReport(folder), writeApiReport(join(copy, 'packages/edge')))
    expect(added).toEqual(['    planted?: string;'])
  })
})

function linesOnlyIn(text: string, other: string): string[] {
  const known = new Set(other.split('\n'))
  return text.split('\n').filter((line) => !known.has(line))
}
