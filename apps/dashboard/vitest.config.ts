import { defineConfig } from 'vitest/config'

import { unkindEnvironment } from '../../packages/emulator/test/profile.ts'

export default defineConfig({
  test: {
    // Every dashboard gets a database of its own on one server, as the tracker's tests do.
    globalSetup: [
      '../../packages/tracker/test/postgresql-setup.ts',
      '../../packages/tracker/test/pglite-setup.ts',
    ],
    provide: { database: 'postgresql' },
    // Browsers and databases: most of the time they wait.
    maxWorkers: 2,
    // They stop only a test that hangs: how long it takes on a busy machine is not what it checks.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 240_000 } },
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
