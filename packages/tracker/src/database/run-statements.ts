/** Runs the statements of a migration. */
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

export async function runStatements(db: Kysely<unknown>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
