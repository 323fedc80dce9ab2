/** Is everything in order? For people, monitoring systems, and container probes. */
import { toDatabaseError } from '../database/describe-error.ts'
import { refuseNewerSchema } from '../database/migrate.ts'
import { migrations } from '../database/migrations.ts'
import type { Database } from '../database/open-database.ts'
import { DatabaseError } from '../errors.ts'
import type { Settings } from '../options.ts'
import type { TrackerFigures } from './figures.ts'
import { readFigures } from './figures.ts'
import type { HealthProblem } from './problems.ts'
import { findProblems } from './problems.ts'

/** See `Tracker.health`. Plain JSON. */
export interface TrackerHealth {
  /** Whether there is no problem. */
  isHealthy: boolean
  /** What is wrong, worst first. */
  problems: HealthProblem[]
  /** The database: whether it can be used, and the schema and the version of its tables. */
  database: { isReachable: boolean; schema: string; version: string }
  /** The measurements; absent if the database cannot be used. */
  figures?: TrackerFigures
}

/** See `Tracker.health`. */
export async function readHealth(
  open: () => Promise<Database>,
  settings: Pick<Settings, 'schema' | 'rateLimits'>,
): Promise<TrackerHealth> {
  const { schema } = settings
  // `open` migrates the tables to this code's version; later, a newer program may have migrated them.
  const version = Object.keys(migrations).at(-1)!
  try {
    const opened = await open()
    await refuseNewerSchema(opened)
    const figures = await readFigures(opened, settings)
    const problems = findProblems(figures)
    return {
      isHealthy: problems.length === 0,
      problems,
      database: { isReachable: true, schema, version },
      figures,
    }
  } catch (thrown) {
    const error = toDatabaseError(thrown)
    if (!(error instanceof DatabaseError)) throw error
    return {
      isHealthy: false,
      problems: [{ code: 'database-unreachable', message: error.message }],
      database: { isReachable: false, schema, version },
    }
  }
}
