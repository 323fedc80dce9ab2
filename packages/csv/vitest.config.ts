import { defineConfig } from 'vitest/config'

// No test keeps anything for another, and loading every module again for each file took a quarter of the time.
export default defineConfig({ test: { isolate: false } })
