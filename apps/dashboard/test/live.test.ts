/** Whoever listens misses nothing. */
import { randomUUID } from 'node:crypto'

import { createTracker } from '@devicebatch/tracker'
import type { Tracker } from '@devicebatch/tracker'
import { expect, onTestFinished, test } from 'vitest'

import { createDashboard } from '../src/app.ts'
import { close, customerId, listen } from './helpers.ts'

test('what happens while a page connects, right after what it had missed was looked for, is told', async () => {
  const partner = { credential: () => 'none' }
  const tracker = createTracker({ database: 'memory', partner })
  await tracker.getTotals()
  const batchTrackingId = randomUUID()
  const late: Tracker = {
    ...tracker,
    async *events(options) {
      yield* tracker.events(options)
      if (options?.untilNow) await tracker.track({ customerId, batchTrackingId })
    },
  }
  const dashboard = createDashboard({ tracker: late, partner })
  const { server, port } = await listen(dashboard.fetch, 0)
  onTestFinished(async () => {
    dashboard.close()
    await close(server)
    await tracker.close()
  })

  const answer = await fetch(`http://127.0.0.1:${port}/events?after=${await tracker.lastPosition()}`)
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!text.includes(batchTrackingId)) text += (await reader.read()).value ?? ''
  expect(text).toContain(`data: ["${batchTrackingId}"]`)
  await reader.cancel()
})
