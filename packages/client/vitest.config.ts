import { defineConfig } from 'vitest/config'

import { patient } from '../conformance/shared/patience.ts'
import { unkindEnvironment } from '../emulator/test/profile.ts'

/** The tests that drive an emulator; the others say themselves what the service sends. */
const driveEmulator = [
  'test/reports/{devices-to-retry,verify-devices}.test.ts',
  'test/resources/{customers,paged-list}.test.ts',
  'test/uploads/*.test.ts',
]

export default defineConfig({
  test: {
    ...patient,
    // No test keeps anything for another, and loading every module again for each file took half of the time.
    isolate: false,
    projects: [
      { extends: true, test: { name: 'suite' } },
      {
        extends: true,
        test: {
          name: 'unkind',
          include: driveEmulator,
          // It chooses its profiles itself.
          exclude: ['test/uploads/unkind.test.ts'],
          env: unkindEnvironment,
        },
      },
    ],
  },
})
