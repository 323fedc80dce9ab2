/** A small part of what `npm run test:uploads` does in 300 rounds. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { root } from '../../shared/run-command.ts'
import { seededRandom } from '../../shared/seeded-random.ts'
import { interruptAndResume, planRound } from './interrupt-and-resume.ts'

const command = [process.execPath, join(root, 'apps/console/src/main.ts')]

test('an upload that is interrupted, killed or started twice at once sends nothing twice and keeps its journal readable', async () => {
  const random = seededRandom(3)
  const counts = { interrupted: 0, killed: 0, refused: 0 }
  for (let round = 0; round < 6; round++) {
    const folder = await mkdtemp(join(tmpdir(), 'devicebatch-interruptions-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const result = await interruptAndResume(command, folder, planRound(random))
    expect(result.violations, JSON.stringify(result.interruptions)).toEqual([])
    counts.interrupted += result.interrupted
    counts.killed += result.killed
    counts.refused += result.refused
  }
  expect(Math.min(counts.interrupted, counts.killed, counts.refused)).toBeGreaterThan(0)
}, 300_000)
