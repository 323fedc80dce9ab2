import { defineConfig } from 'vitest/config'

// No test keeps anything for another, and loading every module again for each file took half of the time.
export default defineConfig({
  // The timeouts stop only a test that hangs: how long it takes on a busy machine is not what it checks.
  test: {
    isolate: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 240_000 } },
  },
})
