import { defineConfig } from 'vitest/config'

import { patient } from '../conformance/shared/patience.ts'

// No test keeps anything for another, and loading every module again for each file took half of the time.
export default defineConfig({
  test: { ...patient, isolate: false },
})
