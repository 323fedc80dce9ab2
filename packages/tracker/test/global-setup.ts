/** A PostgreSQL server on a free port, and templates of both databases with all tables, so that no test waits for migrations. */
import { cpSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { PGlite } from '@electric-sql/pglite'
import type { TestProject } from 'vitest/node'

import type { TrackerDatabase } from '../src/index.ts'
import { createTracker } from '../src/index.ts'
import { makeDatabaseFolder } from './database-folder.ts'
import { startServer } from './postgres-server.ts'

export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = makeDatabaseFolder()
  const [emptyDirectory, templateDirectory] = [join(folder, 'empty'), join(folder, 'template')]
  await initialize(emptyDirectory)
  cpSync(emptyDirectory, templateDirectory, { recursive: true })
  await createTables({ directory: templateDirectory })
  // Nothing has to survive this server, so it writes only the least to its log: new databases are a copy of a template, page by page.
  const leastLog = ['wal_level=minimal', 'max_wal_senders=0', 'full_page_writes=off']
  const server = await startServer(['max_connections=400', ...leastLog], folder)
  await server.createDatabase('template_tracker')
  await createTables(`${server.url}/template_tracker`)
  provide('serverUrl', server.url)
  provide('databaseFolder', folder)
  provide('emptyDirectory', emptyDirectory)
  provide('templateDirectory', templateDirectory)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** An embedded database as it is before the first migration. It takes 3 seconds of CPU, a copy of it a tenth of one. */
async function initialize(directory: string): Promise<void> {
  await mkdir(directory)
  const pglite = new PGlite(join(directory, 'database'))
  // PGlite opens only one database; the two that are there to create others from are more than half of the files.
  await pglite.exec('update pg_database set datistemplate = false')
  for (const name of ['template0', 'template1']) await pglite.exec(`drop database ${name}`)
  await pglite.close()
}

async function createTables(database: TrackerDatabase): Promise<void> {
  await using tracker = createTracker({ database, partner: { credential: () => 'none' } })
  await tracker.applyRetention()
}
