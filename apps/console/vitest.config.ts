import { defineConfig } from 'vitest/config'

// Some tests start the command as a process of its own, and a busy machine takes its time for that.
export default defineConfig({ test: { testTimeout: 20_000 } })
