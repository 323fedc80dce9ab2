/** Commands on a PostgreSQL server: each opens it in a tenth of the time that it takes to start an embedded database. */
import { freshDatabase, makeDatabase } from '../../../../packages/tracker/test/databases.ts'
import type { Run } from '../command.ts'
import { run } from '../command.ts'

type Tracker = (args: readonly string[], env?: Record<string, string>) => Promise<Run>

/** `devicebatch tracker` with an empty database, which is removed after the test. */
export async function freshTracker(): Promise<Tracker> {
  return trackerOn((await freshDatabase()) as string)
}

/** The same for a whole file, which removes the database itself. */
export async function makeTracker() {
  const { database, remove } = await makeDatabase()
  return { tracker: trackerOn(database as string), remove }
}

function trackerOn(url: string): Tracker {
  return (args, env) => run(['tracker', ...args], { env: { DEVICEBATCH_DATABASE_URL: url, ...env } })
}
