/** A small part of what `npm run test:tracker` does with 10,000 batches. */
import { expect, test } from 'vitest'

import { runFleet } from './fleet.ts'

test('killing workers and the database loses nothing, and every outcome is recorded once', async () => {
  const batches = 60
  const { violations, mostInFlight, record } = await runFleet({
    batches,
    workers: 2,
    seed: 8,
    kills: { workers: 1, database: 1 },
    rateLimits: { partnerPerMinute: 6_000, customerPerMinute: 1_200 },
    poll: { initialIntervalMs: 1_000, maxIntervalMs: 2_000 },
    emulator: {
      queuedMs: 0,
      processingMs: 3_000,
      // Meanwhile the worker that sent the request is considered dead, and both get a response.
      faults: [
        {
          operation: 'getBatchUploadStatus',
          probability: 0.2,
          seed: 8,
          effect: { kind: 'delay', delayMs: 6_000 },
        },
      ],
    },
    impatient: true,
  })
  expect(violations).toEqual([])
  expect(mostInFlight).toBeGreaterThan(1)
  expect(record.arrivals.length).toBeGreaterThan(2 * batches)
})
