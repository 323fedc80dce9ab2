/** Submits the batches, whatever happens to the database. */
import { setTimeout as pause } from 'node:timers/promises'

import type { Tracker } from '@devicebatch/tracker'

import type { PlannedBatch } from './plan.ts'
import { devicesOf, planSingle } from './plan.ts'
import type { Progress } from './progress.ts'

/** Submits them all, eight at a time; returns how long it took, in seconds. */
export async function submitAll(
  tracker: Tracker,
  planned: readonly PlannedBatch[],
  submitted: () => void,
): Promise<number> {
  const startedAt = performance.now()
  const rest = planned.values()
  const loop = async (): Promise<void> => {
    for (const batch of rest) {
      await submitSurely(tracker, batch)
      submitted()
    }
  }
  await Promise.all(Array.from({ length: 8 }, loop))
  return (performance.now() - startedAt) / 1_000
}

/** Retries with the same ID until the database has it, which may be unavailable for a minute. */
async function submitSurely(tracker: Tracker, batch: PlannedBatch): Promise<void> {
  const { submissionId, customerId, batchId } = batch
  for (let tries = 1; ; tries++) {
    try {
      await tracker.submit({ submissionId, customerId, batchId, devices: devicesOf(batch) })
      return
    } catch (error) {
      if (tries === 600) throw error
      await pause(100)
    }
  }
}

/** How many batches arrive later, each for a customer that has no other. */
export function probeCount(batches: number): number {
  return Math.min(20, Math.floor(batches / 15))
}

/** While all others are in progress, customers with a single batch arrive. */
export async function submitProbes(
  tracker: Tracker,
  { batches, seed }: { batches: number; seed: number },
  progress: Progress,
  probes: PlannedBatch[],
): Promise<void> {
  const count = probeCount(batches)
  for (let index = 0; index < count; index++) {
    // From when everything has been submitted until the last ones are uploaded.
    if (!(await progress.reached(0.35 + (0.5 * index) / count))) return
    const probe = planSingle(batches + index, seed)
    probes.push(probe)
    await submitSurely(tracker, probe)
  }
}
