/** Creates the tables of a database that tests copy. */
import type { TrackerDatabase } from '../src/index.ts'
import { createTracker } from '../src/index.ts'

export async function createTables(database: TrackerDatabase): Promise<void> {
  await using tracker = createTracker({ database, partner: { credential: () => 'none' } })
  await tracker.applyRetention()
}
