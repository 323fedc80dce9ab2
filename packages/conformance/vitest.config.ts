/** Two projects: tests of the sources, and tests of the packages as npm gets them, which are packed once for all. */
import { defineConfig } from 'vitest/config'

import { patient } from './shared/patience.ts'

const ofPackages = ['release', 'packages', 'deploying/guide'].map((folder) => `${folder}/**/*.test.ts`)

export default defineConfig({
  test: {
    ...patient,
    // Many tests wait for a process that they started.
    maxWorkers: 2,
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
