import { defineConfig } from 'vitest/config'

import { patient } from '../../packages/conformance/shared/patience.ts'
import { unkindEnvironment } from '../../packages/emulator/test/profile.ts'

export default defineConfig({
  test: {
    ...patient,
    // No test keeps anything for another, and a process for each file would only take time to start.
    isolate: false,
    // Most of them wait: for processes, timers and databases.
    maxWorkers: 2,
    // Optimizing the WebAssembly of a whole PostgreSQL takes the tracker's tests longer than they save by it.
    execArgv: ['--liftoff-only'],
    projects: [
      { extends: true, test: { name: 'suite', exclude: ['**/node_modules/**', 'test/tracker/**'] } },
      {
        extends: true,
        test: {
          name: 'tracker',
          include: ['test/tracker/*.test.ts'],
          globalSetup: ['../../packages/tracker/test/postgresql-setup.ts'],
          provide: { database: 'postgresql' },
        },
      },
      {
        extends: true,
        // `npm run test:unkind` runs the others too.
        test: {
          name: 'unkind',
          include: ['test/{journal,resources,status,upload}/*.test.ts'],
          env: unkindEnvironment,
        },
      },
    ],
  },
})
