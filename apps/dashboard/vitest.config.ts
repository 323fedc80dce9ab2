import { defineConfig } from 'vitest/config'

import { patient } from '../../packages/conformance/shared/patience.ts'
import { unkindEnvironment } from '../../packages/emulator/test/profile.ts'

export default defineConfig({
  test: {
    ...patient,
    // Every dashboard gets a database of its own on one server, as the tracker's tests do.
    globalSetup: [
      '../../packages/tracker/test/postgresql-setup.ts',
      '../../packages/tracker/test/pglite-setup.ts',
    ],
    provide: { database: 'postgresql' },
    // Browsers and databases: most of the time they wait.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'suite' } },
      {
        extends: true,
        // `npm run test:unkind` runs the others too.
        test: { name: 'unkind', include: ['test/live.test.ts'], env: unkindEnvironment },
      },
    ],
  },
})
