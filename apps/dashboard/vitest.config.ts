import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Browsers and databases: most of the time they wait.
    maxWorkers: 2,
    testTimeout: 150_000,
    hookTimeout: 60_000,
  },
})
