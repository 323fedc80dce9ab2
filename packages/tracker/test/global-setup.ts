/** A PostgreSQL server on a free port, and templates of both databases with all tables, so that no test waits for migrations. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { TestProject } from 'vitest/node'

import { createTracker } from '../src/index.ts'
import { startServer } from './postgres-server.ts'

export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const templateDirectory = await mkdtemp(join(tmpdir(), 'devicebatch-tracker-template-'))
  const server = await startServer(['max_connections=400'])
  await server.createDatabase('template_tracker')
  for (const database of [{ directory: templateDirectory }, `${server.url}/template_tracker`]) {
    await using tracker = createTracker({ database, partner: { credential: () => 'none' } })
    await tracker.applyRetention()
  }
  provide('serverUrl', server.url)
  provide('templateDirectory', templateDirectory)
  return async () => {
    await server.stop()
    await rm(templateDirectory, { recursive: true, force: true })
  }
}
