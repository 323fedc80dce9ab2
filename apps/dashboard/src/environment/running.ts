/** What the dashboard shows, and how it is connected: the tracker's database, and Partner Center. */
import type { PartnerCenterOptions } from '@devicebatch/client'
import type { Tracker, TrackerOptions } from '@devicebatch/tracker'
import { createTracker } from '@devicebatch/tracker'

import { backgroundErrors, logToConsole } from '../log.ts'
import { isEmulator, partnerOf } from './partner.ts'
import type { Values } from './variables.ts'
import { databaseOf } from './variables.ts'

/** What the dashboard runs on. */
export interface Running {
  tracker: Tracker
  partner: PartnerCenterOptions
  /** Whether everything goes to the emulator. */
  emulated: boolean
  stop(): Promise<void>
}

/**
 * Opens the database, with a worker in this process if `hasWorker`. Rejects with a `DatabaseError` when it cannot be used, and has
 * then closed what it opened.
 */
export async function connect(values: Values, hasWorker: boolean): Promise<Running> {
  const partner = partnerOf(values)
  // Asked first: opening an embedded database can keep a small machine busy for longer than the answer is waited for.
  const emulated = partner.baseUrl !== undefined && (await isEmulator(partner.baseUrl))
  const tracker = createTracker({
    ...databaseOptions(values),
    partner,
    onError: backgroundErrors(logToConsole),
  })
  try {
    if (hasWorker) await tracker.start()
    else await tracker.lastPosition()
    return { tracker, partner, emulated, stop: () => tracker.close() }
  } catch (error) {
    await tracker.close()
    throw error
  }
}

/**
 * Creates the tables, or brings them to the version of this program, and closes the database. Resolves with the schema and the
 * version. Rejects with a `DatabaseError` when that is not possible.
 */
export async function migrate(values: Values): Promise<{ schema: string; version: string }> {
  await using tracker = createTracker({ ...databaseOptions(values), partner: { credential: () => '' } })
  await tracker.lastPosition()
  const { schema, version } = (await tracker.health()).database
  return { schema, version }
}

function databaseOptions(values: Values): Pick<TrackerOptions, 'database' | 'schema'> {
  return {
    database: databaseOf(values.DEVICEBATCH_DATABASE_URL!),
    schema: values.DEVICEBATCH_DATABASE_SCHEMA,
  }
}
