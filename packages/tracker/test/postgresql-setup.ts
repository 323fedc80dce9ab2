/** A PostgreSQL server on a free port, and a template with all tables, so that no test waits for migrations. */
import { rm } from 'node:fs/promises'

import type { TestProject } from 'vitest/node'

import { createTables } from './create-tables.ts'
import { makeDatabaseFolder } from './database-folder.ts'
import { startServer } from './postgres-server.ts'

export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = makeDatabaseFolder()
  // Nothing has to survive this server, so it writes only the least to its log: new databases are a copy of a template, page by page.
  const leastLog = ['wal_level=minimal', 'max_wal_senders=0', 'full_page_writes=off']
  const server = await startServer(['max_connections=400', ...leastLog], folder)
  await server.createDatabase('template_tracker')
  await createTables(`${server.url}/template_tracker`)
  provide('serverUrl', server.url)
  provide('databaseFolder', folder)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
