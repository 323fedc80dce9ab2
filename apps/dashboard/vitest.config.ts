import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Every dashboard gets a database of its own on one server, as the tracker's tests do.
    globalSetup: ['../../packages/tracker/test/global-setup.ts'],
    provide: { database: 'postgresql' },
    // Browsers and databases: most of the time they wait.
    maxWorkers: 2,
    testTimeout: 150_000,
    hookTimeout: 60_000,
  },
})
