/**
 * The versions of the schema, in order. A published version never changes: the next one is added after it. Each version only
 * adds, so that workers of the previous version keep running alongside it; what they no longer need is dropped one version
 * later.
 */
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

import { notificationsTables } from './notifications-tables.ts'
import { operationsTables } from './operations-tables.ts'
import { rateLimitTables } from './rate-limit-tables.ts'
import { workTables } from './work-tables.ts'

export const migrations: Readonly<Record<string, Migration>> = {
  '0001-tables': create([...workTables, ...rateLimitTables, ...operationsTables, ...notificationsTables]),
}

function create(statements: readonly string[]): Migration {
  return {
    async up(db) {
      for (const statement of statements) await sql.raw(statement).execute(db)
    },
  }
}
