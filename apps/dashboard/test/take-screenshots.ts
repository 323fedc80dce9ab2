/**
 * `node test/take-screenshots.ts <address> <folder> <languages> <widths>`: every page of a dashboard that shows the demo, in both
 * themes; by default in English, at four widths.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { openBrowser } from './browser.ts'

const [
  address = 'http://127.0.0.1:7820',
  folder = '.results/screenshots',
  languages = 'en',
  widths = '1280,768,390,320',
] = process.argv.slice(2)
const file =
  'Device Serial Number,Manufacturer name,Device model\nR9-ZNP67,Contoso,Laptop 3\n1.2E+11,Contoso,Laptop 3\n#N/A,Contoso,Laptop 3\nR9-ZNP67,Contoso,Laptop 3\n'

mkdirSync(folder, { recursive: true })
await using browser = await openBrowser()
for (const locale of languages.split(',')) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of widths.split(',').map(Number)) {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: width < 700 ? 844 : 900 },
        baseURL: address,
        locale,
      })
      const page = await context.newPage()
      const shoot = (name: string) =>
        page.screenshot({
          path: join(folder, `${name}-${locale}-${width}-${colorScheme}.png`),
          fullPage: true,
        })
      await page.goto('/')
      await page.locator('#connection:not(:empty)').waitFor()
      await shoot('uploads')
      await page.locator('#waiting a').first().click()
      await shoot('submission')
      await page.goto('/?show=failed')
      await page.getByRole('link', { name: 'Warehouse scanners', exact: true }).click()
      await page.locator('#connection:not(:empty)').waitFor()
      await shoot('upload')
      for (const range of ['day', 'week', 'quarter']) {
        await page.goto(`/statistics?range=${range}`)
        await shoot(`statistics-${range}`)
      }
      await page.goto('/search?serialNumber=emu8')
      await shoot('search')
      await page.goto('/operations')
      await shoot('operations')
      await page.goto('/uploads/new')
      await shoot('new')
      await page.locator('#batchId').fill('Front desk')
      await page.locator('#customerId').fill('Nobody Ltd')
      await page
        .locator('#file')
        .setInputFiles({ name: 'devices.csv', mimeType: 'text/csv', buffer: Buffer.from(file) })
      await page.locator('#upload button').click()
      await page.locator('#customerId-error').waitFor()
      await shoot('new-wrong')
      await page.locator('#customerId').fill('47021739-3426-40bf-9601-61b4b6d7c793')
      await page.locator('#upload button').click()
      await page.locator('#problems').waitFor()
      await shoot('check')
      await page.goto('/nothing')
      await shoot('not-found')
      await context.close()
    }
  }
}
