/** Database errors are errors of this project, which its guard and explanations recognize. */
import { explainError, isPartnerCenterError } from '@devicebatch/client'
import { expect, test } from 'vitest'

import { fastEmulator, trackerOn } from './helpers.ts'

test('a database that cannot be reached is an error of this project, with its reason and what to do', async () => {
  const tracker = trackerOn('postgres://somebody:sesame@127.0.0.1:9/nowhere', fastEmulator())
  const error: unknown = await tracker.getTotals().catch((thrown: unknown) => thrown)
  expect(isPartnerCenterError(error)).toBe(true)
  expect(explainError(error)).toEqual({
    reason: 'database',
    cause: 'The database could not be used.',
    nextStep: "Follow the error's message, which says what to do about the database.",
    isRetryable: true,
  })
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: 'DatabaseError',
    code: 'database',
    reason: 'unreachable',
    isRetryable: true,
    isAmbiguous: false,
    message: expect.stringMatching(
      /^No connection: the PostgreSQL server at 127\.0\.0\.1:9 cannot be reached/,
    ),
  })
})
