import { defineConfig } from 'vitest/config'

// Every test runs on both databases: in this process, and on a server that the tests start.
const project = (database: 'pglite' | 'postgresql') => ({
  extends: true as const,
  test: { name: database, provide: { database } },
})

export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    // Most of the time they wait for what is due.
    maxWorkers: 4,
    testTimeout: 150_000,
    projects: [project('pglite'), project('postgresql')],
  },
})
