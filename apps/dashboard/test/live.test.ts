/** A listening page misses nothing. */
import { randomUUID } from 'node:crypto'

import { createTracker } from '@devicebatch/tracker'
import type { Tracker } from '@devicebatch/tracker'
import { expect, onTestFinished, test } from 'vitest'

import { freshDatabase } from '../../../packages/tracker/test/databases.ts'
import { createDashboard } from '../src/app.ts'
import { close, customerId, listen } from './helpers.ts'

const partner = { credential: () => 'none' }

test('a change while a page connects, right after the missed ones were read, is sent', async () => {
  const tracker = createTracker({ database: await freshDatabase(), partner })
  const batchTrackingId = randomUUID()
  const late: Tracker = {
    ...tracker,
    async *events(options) {
      yield* tracker.events(options)
      if (options?.untilNow) await tracker.track({ customerId, batchTrackingId })
    },
  }
  const read = await listenTo(late, `?after=${await tracker.lastPosition()}`)
  expect(await read((text) => text.includes(batchTrackingId))).toContain(`data: ["${batchTrackingId}"]`)
})

test('a page that missed hundreds of uploads is told to reload everything, not each of them', async () => {
  const tracker = createTracker({ database: await freshDatabase(), partner })
  const busy: Tracker = {
    ...tracker,
    async *events(options) {
      const at = new Date().toISOString()
      for (let number = 0; number < 2_000; number++) {
        const position = `e00000000-${number}`
        yield { type: 'upload.tracked', position, at, customerId, batchTrackingId: randomUUID(), data: {} }
      }
      yield* tracker.events(options)
    },
  }
  const read = await listenTo(busy)
  expect(await read((text) => text.includes('event: change'))).toContain('data: "all"\nid: e00000000-1999\n')
})

/** Opens a stream on a dashboard with this tracker; both end with the test. */
async function listenTo(
  tracker: Tracker,
  query = '',
): Promise<(isEnough: (text: string) => boolean) => Promise<string>> {
  const dashboard = createDashboard({ tracker, partner })
  const { server, port } = await listen(dashboard.fetch, 0)
  onTestFinished(async () => {
    dashboard.close()
    await close(server)
    await tracker.close()
  })
  const response = await fetch(`http://127.0.0.1:${port}/events${query}`)
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  return async (isEnough) => {
    let text = ''
    while (!isEnough(text)) text += (await reader.read()).value ?? ''
    return text
  }
}
