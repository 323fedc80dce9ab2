import { defineConfig } from 'vitest/config'

export default defineConfig({
  // The timeouts stop only a test that hangs: how long it takes on a busy machine is not what it checks.
  test: { testTimeout: 300_000, hookTimeout: 300_000, expect: { poll: { timeout: 240_000 } } },
})
