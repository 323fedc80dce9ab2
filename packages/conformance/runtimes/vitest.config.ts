/** One suite, one runtime at a time: the one that `DEVICEBATCH_RUNTIME` names. Run it with `node runtimes/run.ts`. */
import { join } from 'node:path'

import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { playwright } from '@vitest/browser-playwright'
import type { Plugin } from 'vite'
import type { ViteUserConfig } from 'vitest/config'
import { defineConfig } from 'vitest/config'

import { installedIn } from '../shared/pack-workspace.ts'
import { patient } from '../shared/patience.ts'
import type { RuntimeName } from './differences.ts'
import { differs } from './differences.ts'
import { chromium } from './runtimes.ts'

const packed = installedIn(process.env.DEVICEBATCH_PACKED!)

/**
 * Resolves every import of a package to its packed files, through the `exports` in its package.json, so that the suite tests the
 * JavaScript that users get.
 */
const packedPackages: Plugin = {
  name: 'packed-packages',
  enforce: 'pre',
  async resolveId(source) {
    if (!source.startsWith('@devicebatch/')) return undefined
    return await this.resolve(source, join(packed, 'package.json'), { skipSelf: true })
  },
}

const workerd = (compatibilityDate: string): ViteUserConfig => ({
  plugins: [cloudflareTest({ miniflare: { compatibilityDate } })],
})

const configs: Partial<Record<RuntimeName, () => ViteUserConfig>> = {
  workerd: () => workerd('2026-11-01'),
  workerd2024: () => workerd('2024-01-01'),
  // In the default pool, the tests would see Node's own globals.
  edgeRuntime: () => ({ test: { environment: 'edge-runtime', pool: 'vmForks' } }),
  chromium: () => ({
    // Bundles of earlier packages must not be reused.
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

const runtime = process.env.DEVICEBATCH_RUNTIME as RuntimeName
const { plugins = [], test, ...config } = configs[runtime]?.() ?? {}

export default defineConfig({
  ...config,
  root: import.meta.dirname,
  // Several runs take place at once.
  cacheDir: `.results/cache-${runtime}`,
  plugins: [packedPackages, ...plugins],
  test: {
    ...patient,
    include: ['*.test.ts'],
    globalSetup: ['global-setup.ts'],
    // No test depends on another.
    isolate: false,
    // It would keep the paths of packages from an earlier run.
    fsModuleCache: false,
    onUnhandledError: () => !differs('reportsBrokenBodies', runtime),
    ...test,
  },
})
