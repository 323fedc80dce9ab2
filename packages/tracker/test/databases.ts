/** Databases for tests, copied from the templates of `pglite-setup.ts` and `postgresql-setup.ts`; the command's and the dashboard's tests use them too. */
import { randomUUID } from 'node:crypto'
import { cpSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { Client } from 'pg'
import { inject, onTestFinished } from 'vitest'

import { openPglite } from '../src/database/open-pglite.ts'
import type { TrackerDatabase } from '../src/index.ts'

declare module 'vitest' {
  interface ProvidedContext {
    database: 'pglite' | 'postgresql'
    /** The server's URL, to which a database name is appended. */
    serverUrl: string
    /** A folder for databases, in memory where possible. */
    databaseFolder: string
    /** An embedded database without tables, to copy. */
    emptyDirectory: string
    /** The same with all tables. */
    templateDirectory: string
  }
}

export const isServer = inject('database') === 'postgresql'

/** A database with all tables, empty; removed after the test. */
export async function freshDatabase(): Promise<TrackerDatabase> {
  return forThisTest(await makeDatabase())
}

/** An empty database; removed after the test. */
export async function emptyDatabase(): Promise<TrackerDatabase> {
  return forThisTest(await (isServer ? serverDatabase('template1') : directoryDatabase('emptyDirectory')))
}

/** A database with all tables, for a whole file. */
export function makeDatabase(): Promise<MadeDatabase> {
  return isServer ? serverDatabase('template_tracker') : directoryDatabase('templateDirectory')
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

async function directoryDatabase(template: 'emptyDirectory' | 'templateDirectory'): Promise<MadeDatabase> {
  const directory = await mkdtemp(join(inject('databaseFolder'), 'directory-'))
  copyDirectory(template, directory)
  return { database: { directory }, remove: () => rm(directory, { recursive: true, force: true }) }
}

/** Copies an embedded database. For its 500 files, the asynchronous functions need three times the CPU. */
export function copyDirectory(template: 'emptyDirectory' | 'templateDirectory', directory: string): void {
  cpSync(inject(template), directory, { recursive: true })
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
  const pglite = await openPglite(join(database.directory, 'database'))
  try {
    return (await pglite.exec(text)).at(-1)!.rows
  } finally {
    await pglite.close()
  }
}

/** Which writes to a table fail, and how. */
export interface FirstFailures {
  /** The table, with its schema. */
  table: string
  action: 'insert' | 'update'
  /** Which rows count, in SQL. Default: all. */
  when?: string
  /** How many fail. Default 1. */
  times?: number
  /** The PL/pgSQL statement that makes one fail. */
  fail: string
}

/** Makes the first rows that are written to a table fail; returns a function that counts the attempts. */
export async function failFirst(
  database: TrackerDatabase,
  { table, action, when = 'true', times = 1, fail }: FirstFailures,
): Promise<() => Promise<number>> {
  // A sequence counts although its transaction is rolled back.
  await runSql(
    database,
    `create sequence devicebatch.attempts;
    create function devicebatch.fail_first() returns trigger language plpgsql as $$
    begin
      if ${when} and nextval('devicebatch.attempts') <= ${times} then ${fail}; end if;
      return new;
    end $$;
    create trigger fail_first before ${action} on ${table} for each row execute function devicebatch.fail_first(); select 1`,
  )
  return async () => {
    const [row] = await runSql(database, 'select last_value::integer as count from devicebatch.attempts')
    return row!['count'] as number
  }
}

/** The statements that wait for a lock, without those of pg-boss, which comes by every two seconds. */
export async function waitingStatements(database: TrackerDatabase): Promise<string[]> {
  const rows = await runSql(
    database,
    `select query from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query not like '%devicebatch_jobs%'`,
  )
  return rows.map((row) => String(row['query']))
}
