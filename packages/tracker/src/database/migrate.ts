/** Migrates the schema to the version of this code; several workers may do so at once. */
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { Migrator } from 'kysely/migration'

import { DatabaseError } from '../errors.ts'
import { migrations } from './migrations.ts'
import type { Database } from './open-database.ts'
import { defaultSchema, jobSchemaOf, rawSchema } from './schema-name.ts'
import type { Tables } from './schema.ts'
import { repeatConflicts } from './transact.ts'

/**
 * Runs the pending migrations, one worker at a time.
 *
 * @param schema The schema to migrate.
 * @param known All versions that this code knows. Rejects with `DatabaseError` when the database is newer than this code.
 */
export async function migrate(
  kysely: Kysely<Tables>,
  schema: string = defaultSchema,
  known: Readonly<Record<string, Migration>> = migrations,
): Promise<void> {
  const db = withRawSchema(kysely, schema)
  const applied = await readApplied(db, known)
  // Otherwise, the migrator reads every column of every table first.
  if (Object.keys(known).every((name) => applied.includes(name))) return
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...known }) },
    migrationTableSchema: schema,
  })
  // It can lose a deadlock against workers that write meanwhile.
  await repeatConflicts(async () => {
    const { error } = await migrator.migrateToLatest()
    if (error === undefined) return
    // A worker of a newer version may have been faster.
    await readApplied(db, known)
    throw error
  })
}

/** Rejects with `DatabaseError` when another program has migrated the schema to a version that this code does not know. */
export async function refuseNewerSchema({
  kysely,
  schema,
}: Pick<Database, 'kysely' | 'schema'>): Promise<void> {
  await readApplied(withRawSchema(kysely, schema), migrations)
}

/** Runs `action` in one worker at a time: in it, pg-boss creates its tables, which fails when two workers do so at once. */
export async function aloneOn<T>(
  { kysely, schema, isEmbedded }: Pick<Database, 'kysely' | 'schema' | 'isEmbedded'>,
  action: () => Promise<T>,
): Promise<T> {
  if (isEmbedded) return await action()
  return await kysely
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(hashtext(${jobSchemaOf(schema)}))`.execute(trx)
      return await action()
    })
}

function withRawSchema(kysely: Kysely<Tables>, schema: string): Kysely<Tables> {
  return kysely.withoutPlugins().withPlugin(rawSchema(schema))
}

/** The versions that the schema has been migrated to. Rejects with `DatabaseError` when there is one that is not known. */
async function readApplied(db: Kysely<Tables>, known: object): Promise<string[]> {
  const { rows: tables } = await sql<{ found: string | null }>`
    select to_regclass('devicebatch.kysely_migration')::text as found`.execute(db)
  if (!tables[0]?.found) return []
  const { rows } = await sql<{ name: string }>`
    select name from devicebatch.kysely_migration order by name`.execute(db)
  const applied = rows.map(({ name }) => name)
  const unknown = applied.filter((name) => !(name in known))
  if (unknown.length === 0) return applied
  throw new DatabaseError(
    'newer-schema',
    `The database is newer than this program: it has ${unknown.join(', ')}, which this version of @devicebatch/tracker does not know. ` +
      'Update @devicebatch/tracker in this program. Nothing was changed.',
  )
}
