import { defineConfig } from 'vitest/config'

import { unkindEnvironment } from '../../packages/emulator/test/profile.ts'

export default defineConfig({
  test: {
    // Some tests start the command as a process of its own, and a busy machine takes its time for that.
    testTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'suite' } },
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
