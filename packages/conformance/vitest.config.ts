/** Two projects: tests of the sources, and tests of the packages as npm gets them, which are packed once for all. */
import { defineConfig } from 'vitest/config'

const ofPackages = ['release', 'packages'].map((folder) => `${folder}/**/*.test.ts`)

export default defineConfig({
  test: {
    // Many wait for a process that they started.
    maxWorkers: 2,
    projects: [
      // `runtimes` has a configuration of its own, for each runtime.
      {
        test: {
          name: 'sources',
          exclude: ['**/node_modules/**', '**/.results/**', 'runtimes/**', ...ofPackages],
        },
      },
      {
        test: {
          name: 'packages',
          include: ofPackages,
          exclude: ['**/node_modules/**'],
          globalSetup: ['shared/global-setup.ts'],
          // Some plant a second package of a name into the copied workspace, which others must not see.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
