/** One suite, one runtime at a time: the one that `DEVICEBATCH_RUNTIME` names. Run it with `node suite/run.ts`. */
import { join } from 'node:path'

import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { playwright } from '@vitest/browser-playwright'
import type { Plugin } from 'vite'
import type { ViteUserConfig } from 'vitest/config'
import { defineConfig } from 'vitest/config'

import type { RuntimeName } from './differences.ts'
import { packedDirectory } from './pack.ts'
import { chromium } from './runtimes.ts'

/** Answers every import of a package by what was packed of it, through the `exports` in its package.json. */
const packedPackages: Plugin = {
  name: 'packed-packages',
  enforce: 'pre',
  async resolveId(source) {
    if (!source.startsWith('@devicebatch/')) return undefined
    return await this.resolve(source, join(packedDirectory, 'package.json'), { skipSelf: true })
  },
}

const workerd = (compatibilityDate: string): ViteUserConfig => ({
  plugins: [cloudflareTest({ miniflare: { compatibilityDate } })],
})

const configs: Partial<Record<RuntimeName, () => ViteUserConfig>> = {
  workerd: () => workerd('2026-11-01'),
  workerd2024: () => workerd('2024-01-01'),
  // In the default pool the tests would see Node's own globals.
  edgeRuntime: () => ({ test: { environment: 'edge-runtime', pool: 'vmForks' } }),
  chromium: () => ({
    // What was bundled for an earlier packing is not what is to be tested.
    optimizeDeps: { force: true },
    test: {
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        instances: [{ browser: 'chromium' }],
        provider: playwright({
          launchOptions: {
            executablePath: chromium,
            args: [
              '--no-sandbox',
              '--disable-gpu',
              '--disable-quic',
              '--no-first-run',
              '--disable-background-networking',
              '--disable-component-update',
              '--disable-sync',
            ],
          },
        }),
      },
    },
  }),
}

const { plugins = [], test, ...config } = configs[process.env.DEVICEBATCH_RUNTIME as RuntimeName]?.() ?? {}

export default defineConfig({
  ...config,
  root: import.meta.dirname,
  plugins: [packedPackages, ...plugins],
  test: {
    include: ['*.test.ts'],
    globalSetup: ['global-setup.ts'],
    // No test keeps anything for another.
    isolate: false,
    testTimeout: 20_000,
    ...test,
  },
})
