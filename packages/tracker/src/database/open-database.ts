/** Opens the database: PGlite inside this process, or a PostgreSQL server. */
import { join } from 'node:path'

import { InvalidArgumentError } from '@devicebatch/client'
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely'
import type { PoolClient } from 'pg'
import { Pool } from 'pg'
import type { Db as JobDatabase } from 'pg-boss'
import { fromPglite } from 'pg-boss'

import { unreachable } from '../errors.ts'
import { guardDatabase, lockDirectory } from './directory-lock.ts'
import { openPglite } from './open-pglite.ts'
import { createPreparer } from './prepared.ts'
import { defaultSchema, rawSchema } from './schema-name.ts'
import type { Tables } from './schema.ts'
import { repeatConflicts } from './transact.ts'

/**
 * Where data is stored: the URL of a PostgreSQL server, version 14 or later; a directory, which PGlite uses in one process at a
 * time; or `'memory'`, which is lost when the process exits.
 */
export type TrackerDatabase = (string & {}) | 'memory' | { directory: string }

/** An open database. */
export interface Database {
  kysely: Kysely<Tables>
  /**
   * The same, for the few statements that workers repeat: a server prepares them. A plan that serves all parameters alike would be
   * wrong for queries, whose filters match one row or millions.
   */
  repeated: Kysely<Tables>
  /** The same database, in the form that pg-boss expects. */
  jobs: JobDatabase
  /** The schema of the tables. */
  schema: string
  /** Only this process uses it. */
  isEmbedded: boolean
  close(): Promise<void>
}

/** Checks the `database` option and parses it; throws `InvalidArgumentError`. */
export function checkDatabase(database: TrackerDatabase): void {
  if (database === 'memory') return
  if (
    typeof database === 'object' &&
    database !== null &&
    typeof database.directory === 'string' &&
    database.directory
  )
    return
  const protocol = typeof database === 'string' ? URL.parse(database)?.protocol : undefined
  if (protocol === 'postgres:' || protocol === 'postgresql:') return
  // The value is not shown: a URL may contain a password.
  const came = typeof database === 'string' ? 'another string' : typeof database
  throw new InvalidArgumentError(
    `\`database\` must be 'memory', { directory }, or a URL such as postgres://user:password@host:5432/name; got ${came}. ` +
      'Characters such as @ and / in a password must be percent-encoded.',
  )
}

/** Opens the database. Rejects with `DatabaseError` when it cannot be reached. */
export async function openDatabase(
  database: TrackerDatabase,
  onError: (error: unknown) => void,
  schema: string = defaultSchema,
  poolSize: number = defaultPoolSize,
): Promise<Database> {
  return typeof database === 'string' && database !== 'memory'
    ? await openServer(database, onError, schema, poolSize)
    : await openEmbedded(typeof database === 'string' ? undefined : database.directory, schema)
}

/** How many connections a process opens at most. */
export const defaultPoolSize = 20
/** How long to make do with the existing connections before asking the server for more, in milliseconds. */
const limitMs = 5_000

async function openServer(
  url: string,
  onError: (error: unknown) => void,
  schema: string,
  poolSize: number,
): Promise<Database> {
  const pool = createPool(url, onError, poolSize)
  const connect = (): Promise<PoolClient> => connectWithin(pool, poolSize)
  try {
    ;(await connect()).release()
  } catch (error) {
    await pool.end()
    throw unreachable(url, error)
  }
  const openKysely = (client: () => Promise<PoolClient>): Kysely<Tables> => {
    const shared = { options: pool.options, connect: client, end: () => pool.end() }
    return inSchema(new Kysely<Tables>({ dialect: new PostgresDialect({ pool: shared }) }), schema)
  }
  const kysely = openKysely(connect)
  const prepare = createPreparer()
  return {
    kysely,
    repeated: openKysely(async () => prepare(await connect())),
    schema,
    jobs: {
      executeSql: (text, values) =>
        repeatConflicts(async () => {
          const client = await connect()
          try {
            const result = await client.query(text, values)
            client.release()
            return result
          } catch (error) {
            // The text may be a whole transaction, which stays open when one of its statements fails.
            client.release(true)
            throw error
          }
        }),
    },
    isEmbedded: false,
    close: () => kysely.destroy(),
  }
}

function createPool(url: string, onError: (error: unknown) => void, poolSize: number): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: 'devicebatch',
    max: poolSize,
    connectionTimeoutMillis: 30_000,
    keepAlive: true,
    // Statements outside a transaction rely on it, whatever the server's default is.
    // oxlint-disable-next-line no-misused-promises -- the pool waits for it, unlike its types say
    onConnect: async (client) => {
      await client.query('set session characteristics as transaction isolation level read committed')
    },
  })
  // An idle connection broke; the pool opens a new one.
  pool.on('error', onError)
  // A connection broke between two queries of a transaction: the next query fails, so this error needs no report.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** A connection; if the server grants no more, the existing ones must do. */
async function connectWithin(pool: Pool, poolSize: number): Promise<PoolClient> {
  for (;;) {
    try {
      return await pool.connect()
    } catch (error) {
      const isLimit = (error as { code?: unknown } | undefined)?.code === '53300'
      if (!isLimit || pool.totalCount === 0) throw error
      pool.options.max = pool.totalCount
      setTimeout(() => {
        pool.options.max = poolSize
      }, limitMs).unref()
    }
  }
}

async function openEmbedded(directory: string | undefined, schema: string): Promise<Database> {
  const lock = directory === undefined ? undefined : await lockDirectory(directory)
  try {
    const pglite = await openPglite(directory === undefined ? undefined : join(directory, 'database'))
    if (directory !== undefined && lock) guardDatabase(pglite, directory, lock)
    const kysely = inSchema(new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) }), schema)
    return {
      kysely,
      repeated: kysely,
      schema,
      jobs: fromPglite(pglite),
      isEmbedded: true,
      async close() {
        // Closing writes to the directory.
        if (!lock?.signal.aborted) await pglite.close()
        await lock?.release()
      },
    }
  } catch (error) {
    await lock?.release()
    throw error
  }
}

function inSchema(kysely: Kysely<Tables>, schema: string): Kysely<Tables> {
  const named = schema === defaultSchema ? kysely : kysely.withPlugin(rawSchema(schema))
  return named.withSchema(schema)
}
