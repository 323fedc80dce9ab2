/** Shared helpers of the tracker's tests: an emulator whose time runs fast, and trackers on it and a fresh database. */
import { appUser } from '@devicebatch/client/credentials'
import type { NewDevice } from '@devicebatch/contract'
import type { Emulator, EmulatorOptions } from '@devicebatch/emulator'
import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'
import { onTestFinished } from 'vitest'

import { patienceMs } from '../../conformance/shared/patience.ts'
import { underProfile } from '../../emulator/test/profile.ts'
import { wholeSnapshot } from '../../emulator/test/whole-snapshot.ts'
import type { Tracker, TrackerDatabase, TrackerEvent, TrackerOptions } from '../src/index.ts'
import { createTracker } from '../src/index.ts'

export {
  emptyDatabase,
  failFirst,
  freshDatabase,
  isServer,
  makeDatabase,
  runSql,
  waitingStatements,
} from './databases.ts'

/** An emulator in which a batch takes half a second of real time. */
export function fastEmulator(options: EmulatorOptions = {}): Emulator {
  return createEmulator(underProfile({ timeScale: 24, ...options }))
}

/** How many uploads clients have created; a request repeated with the same `MS-RequestId` creates no second one. */
export function countCreatedUploads(emulator: Emulator): number {
  const uploadsOf = (of: Emulator): number =>
    wholeSnapshot(of).customers.reduce((sum, { uploads }) => sum + uploads.length, 0)
  return uploadsOf(emulator) - uploadsOf(createEmulator())
}

/** A tracker on that emulator that polls often; stopped after the test. */
export function trackerOn(...args: Parameters<typeof makeTracker>): Tracker {
  const tracker = makeTracker(...args)
  onTestFinished(() => tracker.close())
  return tracker
}

/** The same, for a whole file. */
export function makeTracker(
  database: TrackerDatabase,
  { fetch }: Pick<Emulator, 'fetch'>,
  options: Partial<TrackerOptions> = {},
): Tracker {
  return createTracker({
    database,
    partner: partnerOf(fetch),
    poll: { initialIntervalMs: 200, maxIntervalMs: 400 },
    rateLimits: { partnerPerMinute: 60_000, customerPerMinute: 60_000 },
    onError: (error) => backgroundErrors.push(error),
    ...options,
  })
}

const backgroundErrors: unknown[] = []

export function partnerOf(fetch: typeof globalThis.fetch): TrackerOptions['partner'] {
  return { credential: appUser({ ...emulatorCredentials, onRefreshToken: () => {}, fetch }), fetch }
}

export function devices(...serialNumbers: string[]): NewDevice[] {
  return serialNumbers.map((serialNumber) => ({
    serialNumber,
    oemManufacturerName: 'Contoso',
    modelName: 'Tablet 3',
  }))
}

/** Reads events until `count` of this type have arrived, for one customer if given; returns all of them. */
export async function eventsUntil(
  tracker: Tracker,
  type: TrackerEvent['type'],
  { count = 1, customerId }: { count?: number; customerId?: string } = {},
): Promise<TrackerEvent[]> {
  const events: TrackerEvent[] = []
  for await (const event of tracker.events({ signal: AbortSignal.timeout(patienceMs) })) {
    if (customerId && event.customerId !== customerId) continue
    events.push(event)
    if (events.filter((one) => one.type === type).length >= count) return events
  }
  throw new Error(`Only ${events.map((event) => event.type).join()} came; ${String(backgroundErrors.at(-1))}`)
}

/**
 * Reads the events until there are this many: `events()` waits for every older transaction on the server, including those of other
 * tests.
 */
export async function eventsSoFar(tracker: Tracker, count: number, after?: string): Promise<TrackerEvent[]> {
  let events: TrackerEvent[] = []
  await until(async () => {
    events = await all(tracker.events({ after, untilNow: true }))
    return events.length >= count
  })
  return events
}

/** A statement that makes a worker tidy up now, not within a minute. */
export const tidyNow = `insert into devicebatch_jobs.job (name, policy) values ('devicebatch-tidy', 'exclusive')
  on conflict do nothing`

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!(await condition())) {
    if (performance.now() > deadline)
      throw new Error(`It did not happen within ${patienceMs / 1_000} seconds.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
