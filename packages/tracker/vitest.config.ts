import { defineConfig } from 'vitest/config'

import { patient } from '../conformance/shared/patience.ts'
import { unkindEnvironment } from '../emulator/test/profile.ts'

// Every test runs on both databases: in this process, with an unkind emulator, and on a server that the tests start.
const project = (database: 'pglite' | 'postgresql', env: Record<string, string> = {}) => ({
  extends: true as const,
  test: {
    name: database,
    provide: { database },
    env,
    // No test keeps anything for another, and loading every module again for each file took a fifth of the time.
    isolate: false,
    // Optimizing the WebAssembly of a whole PostgreSQL takes each of these processes longer than its tests save by it.
    execArgv: database === 'pglite' ? ['--liftoff-only'] : [],
  },
})

export default defineConfig({
  test: {
    ...patient,
    globalSetup: ['test/postgresql-setup.ts', 'test/pglite-setup.ts'],
    // Most of the time they wait for what is due.
    maxWorkers: 4,
    projects: [project('pglite', unkindEnvironment), project('postgresql')],
  },
})
