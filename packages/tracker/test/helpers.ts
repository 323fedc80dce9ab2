/** Shared helpers of the tracker's tests: a fresh database, an emulator whose time runs fast, and trackers on both. */
import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { appUser } from '@devicebatch/client/credentials'
import type { NewDevice } from '@devicebatch/contract'
import type { Emulator, EmulatorOptions } from '@devicebatch/emulator'
import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'
import { PGlite } from '@electric-sql/pglite'
import { Client } from 'pg'
import { inject, onTestFinished } from 'vitest'

import { underProfile } from '../../emulator/test/profile.ts'
import type { Tracker, TrackerDatabase, TrackerEvent, TrackerOptions } from '../src/index.ts'
import { createTracker } from '../src/index.ts'

export const isServer = inject('database') === 'postgresql'

/** A database with all tables, empty; removed after the test. */
export async function freshDatabase(): Promise<TrackerDatabase> {
  return forThisTest(await makeDatabase())
}

/** An empty database; removed after the test. */
export async function emptyDatabase(): Promise<TrackerDatabase> {
  return forThisTest(await (isServer ? serverDatabase('template1') : directoryDatabase()))
}

/** A database with all tables, for a whole file. */
export function makeDatabase(): Promise<MadeDatabase> {
  return isServer ? serverDatabase('template_tracker') : directoryDatabase(inject('templateDirectory'))
}

interface MadeDatabase {
  database: TrackerDatabase
  remove: () => Promise<void>
}

function forThisTest({ database, remove }: MadeDatabase): TrackerDatabase {
  onTestFinished(remove)
  return database
}

async function serverDatabase(template: string): Promise<MadeDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const run = (text: string) => runSql(`${inject('serverUrl')}/postgres`, text)
  await run(`create database ${name} template ${template}`)
  return {
    database: `${inject('serverUrl')}/${name}`,
    remove: async () => void (await run(`drop database if exists ${name} with (force)`)),
  }
}

async function directoryDatabase(template?: string): Promise<MadeDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'devicebatch-tracker-'))
  if (template) await cp(template, directory, { recursive: true })
  return { database: { directory }, remove: () => rm(directory, { recursive: true, force: true }) }
}

/** Runs statements from outside the tracker, and returns the rows of the last one. An embedded database must not be open elsewhere. */
export async function runSql(database: TrackerDatabase, text: string): Promise<Record<string, unknown>[]> {
  if (typeof database === 'string') {
    const client = new Client({ connectionString: database })
    await client.connect()
    try {
      return [await client.query<Record<string, unknown>>(text)].flat().at(-1)!.rows
    } finally {
      await client.end()
    }
  }
  const pglite = new PGlite(join(database.directory, 'database'))
  try {
    return (await pglite.exec(text)).at(-1)!.rows
  } finally {
    await pglite.close()
  }
}

/** An emulator in which a batch takes half a second of real time. */
export function fastEmulator(options: EmulatorOptions = {}): Emulator {
  return createEmulator(underProfile({ timeScale: 24, ...options }))
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

/** How long a busy machine may take for work that usually takes a second. */
const patienceMs = 60_000

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
 * Reads the events until there are so many: `events()` waits for every older transaction of the server, those of the tests
 * beside this one as well.
 */
export async function eventsSoFar(tracker: Tracker, count: number, after?: string): Promise<TrackerEvent[]> {
  let events: TrackerEvent[] = []
  await until(async () => {
    events = await all(tracker.events({ after, untilNow: true }))
    return events.length >= count
  })
  return events
}

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
