/** The past uploads of the demo. */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { createTracker } from '@devicebatch/tracker'
import { expect, inject, onTestFinished, test } from 'vitest'

import { writeHistory } from '../src/demo/demo-history.ts'
import { customerId } from './helpers.ts'

test('every past upload is of a day before today, at whatever time the demo starts', async () => {
  const directory = await mkdtemp(join(inject('databaseFolder'), 'demo-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const today = new Date().toISOString().slice(0, 10)
  await writeHistory(directory, [customerId])
  await using tracker = createTracker({ database: { directory }, partner: { credential: () => 'none' } })
  const days: string[] = []
  for await (const { trackedAt } of tracker.listUploads({ customerId })) days.push(trackedAt.slice(0, 10))
  expect(days).toHaveLength(70)
  expect(days.filter((day) => day >= today)).toEqual([])
})
