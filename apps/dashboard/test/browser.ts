/** A Chromium of this machine, and pages in it. */
import { existsSync } from 'node:fs'

import axe from 'axe-core'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'

/** Debian's path; `CHROMIUM` overrides it. */
export const executablePath = process.env['CHROMIUM'] || '/usr/bin/chromium'

export const hasBrowser = existsSync(executablePath)

/** The pages that a window of Chromium loads for its address bar: half of the CPU time of a new context. */
const addressBar = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup']

/** What Playwright 1.65 switches off: a second switch replaces its own. */
const playwrights = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
]
const disabledFeatures = `--disable-features=${[...addressBar, ...playwrights].join()}`

export async function openBrowser(args: readonly string[] = []): Promise<Browser> {
  return await chromium.launch({ executablePath, args: ['--no-sandbox', disabledFeatures, ...args] })
}

/** A page of a dashboard in a context of its own, and the errors that its scripts and its policy report. */
export async function openPage(
  browser: Browser,
  baseURL: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ baseURL, locale: 'en-GB', ...options })
  // The timeout of the test ends what hangs.
  context.setDefaultTimeout(0)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) errors.push(message.text())
  })
  return { page, errors }
}

/** Fills in the form of a new upload, and sends it. */
export async function chooseFile(
  page: Page,
  { text, batch = 'Front desk', customer }: { text: string; batch?: string; customer: string },
): Promise<void> {
  await page.goto('/uploads/new')
  await page.getByLabel('Customer (name or tenant ID)').fill(customer)
  await page.getByLabel('Batch', { exact: true }).fill(batch)
  await page
    .getByLabel('Device list')
    .setInputFiles({ name: 'devices.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await page.getByRole('button', { name: 'Check the file' }).click()
}

/** Checks that axe finds nothing on a page, and that it is no wider than the screen. */
export async function judgePage(page: Page, what: string, width: number): Promise<void> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  )
  const found = violations.flatMap(({ id: rule, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${rule}: ${html} ${failureSummary}`),
  )
  expect(found, what).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth), what).toBeLessThanOrEqual(width)
}
