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

test('it does not end before the work has, whenever that moves from one list to the next', async () => {
  const stages = ['queued', 'uploading', 'tracking', 'notification', 'done'] as const
  for (const moves of choose(stages.length - 1, 8)) {
    let reads = 0
    const stage = () => stages[moves.filter((read) => read <= reads).length]
    // The work can move before each read.
    const at = <T>(wanted: unknown, item: T) => {
      reads++
      return list(...([wanted].flat().includes(stage()) ? [item] : []))
    }
    await waitUntilDone(
      {
        listSubmissions: ({ state } = {}) => at(state, {} as TrackedSubmission),
        listUploads: ({ state } = {}) => at(state, {} as TrackedUpload),
        listNotifications: () => at('notification', pending('W', 'one', 0)),
      },
      new AbortController().signal,
      1,
    )
    expect(stage(), `It moved before reads ${moves.join(', ')}.`).toBe('done')
  }
})

/** Every ascending choice of `count` numbers from 2 to `most`. */
function choose(count: number, most: number, from = 2): number[][] {
  if (count === 0) return [[]]
  const firsts = Array.from({ length: most - from + 1 }, (_, index) => from + index)
  return firsts.flatMap((first) => choose(count - 1, most, first + 1).map((others) => [first, ...others]))
}
