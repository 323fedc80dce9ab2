/** A worker that runs until nothing is left to do. */
import type { TrackedNotification, TrackedSubmission, TrackedUpload } from '@devicebatch/tracker'
import { expect, test } from 'vitest'

import { waitUntilDone } from '../../src/tracker/until-done.ts'

/** Longer than a test may take, so that waiting for it fails. */
const lookMs = 3_600_000

const pending = (webhook: string, submissionId: string, attempts: number) =>
  ({ webhook, attempts, notification: { data: { submissionId } } }) as TrackedNotification

async function* list<T>(...items: T[]): AsyncGenerator<T, void, undefined> {
  yield* items
}

test.for(['busy', 'idle'])('Ctrl-C is heard at once by a worker that is %s', async (state) => {
  const interruption = new AbortController()
  const done = waitUntilDone(
    {
      listUploads: () => list(...(state === 'busy' ? [{} as TrackedUpload] : [])),
      listSubmissions: () => list<TrackedSubmission>(),
      listNotifications: () => list<TrackedNotification>(),
    },
    interruption.signal,
    lookMs,
  )
  setImmediate(() => interruption.abort())
  await expect(done).resolves.toBeUndefined()
})

test('it ends when the last upload and the last submission have ended, and the last notification was tried', async () => {
  let [uploads, submissions, tries] = [2, 2, -2]
  await waitUntilDone(
    {
      listUploads: () => list(...(uploads-- > 0 ? [{} as TrackedUpload] : [])),
      listSubmissions: () => list(...(submissions-- > 0 ? [{} as TrackedSubmission] : [])),
      listNotifications: () =>
        list(pending('W', 'one', 1), pending('W', 'one', 0), pending('W', 'two', Math.max(0, tries++))),
    },
    new AbortController().signal,
    1,
  )
  expect(uploads).toBeLessThan(0)
  expect(submissions).toBeLessThan(0)
  expect(tries).toBeGreaterThan(1)
})
