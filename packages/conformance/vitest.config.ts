/** Two projects: tests of the sources, and tests of the packages as npm gets them, which are packed once for all. */
import { defineConfig } from 'vitest/config'

const ofPackages = ['release', 'packages', 'deploying/guide'].map((folder) => `${folder}/**/*.test.ts`)

export default defineConfig({
  test: {
    // Many tests wait for a process that they started.
    maxWorkers: 2,
    // They stop only a test that hangs: how long it takes on a busy machine is not what it checks.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 240_000 } },
    projects: [
      // `runtimes` has its own configuration for each runtime.
      {
        extends: true,
        test: {
          name: 'sources',
          exclude: ['**/node_modules/**', '**/.results/**', 'runtimes/**', ...ofPackages],
        },
      },
      {
        extends: true,
        test: {
          name: 'packages',
          include: ofPackages,
          exclude: ['**/node_modules/**'],
          globalSetup: ['shared/global-setup.ts'],
        },
      },
    ],
  },
})
