/** What happens after an attempt. */
import { expect, test } from 'vitest'

import { decideAfterAttempt } from '../../src/notifications/after-attempt.ts'

const failed = { status: 500, error: 'The receiver responded with 500.' }
const hour = 3_600_000

test('ten attempts are made, after the waits that the guide promises', () => {
  const after = Array.from({ length: 10 }, (_, made) => decideAfterAttempt(failed, made + 1, 0))
  const waits = after.map((next) => (next.kind === 'retry' ? next.delayMs : next.kind))
  const minutes = [5 / 60, 1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60, 24 * 60]
  expect(waits).toEqual([...minutes.map((minute) => minute * 60_000), 'give-up'])
})

test('a wait is up to a fifth longer, so that what failed together is not repeated together', () => {
  expect(decideAfterAttempt(failed, 1, 1)).toEqual({ kind: 'retry', delayMs: 6_000 })
})

test('a Retry-After wins when it is longer, up to a day', () => {
  const after = (retryAfterMs: number) => decideAfterAttempt({ ...failed, retryAfterMs }, 1, 0)
  expect(after(90_000)).toEqual({ kind: 'retry', delayMs: 90_000 })
  expect(after(1_000)).toEqual({ kind: 'retry', delayMs: 5_000 })
  expect(after(90 * hour)).toEqual({ kind: 'retry', delayMs: 24 * hour })
})

test('a 410 disables the webhook at the first attempt, and a success at the last one still counts', () => {
  expect(decideAfterAttempt({ status: 410, error: 'Gone' }, 1, 0)).toEqual({ kind: 'disable' })
  expect(decideAfterAttempt({ status: 200 }, 10, 0)).toEqual({ kind: 'delivered' })
})
