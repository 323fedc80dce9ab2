/** A filter that no row can match is refused, because an empty list would read as good news. */
import { InvalidArgumentError } from '@devicebatch/client'
import { expect, test } from 'vitest'

import type { Tracker } from '../../src/index.ts'
import { all, fastEmulator, freshDatabase, trackerOn } from '../helpers.ts'

test.each<[string, (tracker: Tracker) => AsyncIterable<unknown>, RegExp]>([
  [
    'the outcome of devices',
    (t) => t.listDevices({ outcome: 'fail' as never }),
    /`outcome` .*'failed'.*got "fail"/,
  ],
  [
    'the outcome of uploads',
    (t) => t.listUploads({ outcome: 'unresolved' as never }),
    /`outcome` .*'unknown'/,
  ],
  ['the state of uploads', (t) => t.listUploads({ state: 'done' as never }), /`state` .*'stopped'.*"done"/],
  ['the state of submissions', (t) => t.listSubmissions({ state: 'ended' as never }), /`state` .*'accepted'/],
  ['a serial number', (t) => t.listDevices({ serialNumber: 7 as never }), /`serialNumber` must be text/],
])('an unknown value for %s is refused with the possible ones', async (_, list, message) => {
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  const error: unknown = await all(list(tracker)).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(InvalidArgumentError)
  expect((error as Error).message).toMatch(message)
})
