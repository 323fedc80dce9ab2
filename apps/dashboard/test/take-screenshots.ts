/**
 * `node test/take-screenshots.ts <address> <folder>`: every page of a dashboard that runs (with the demo, for example), in both
 * themes and two widths.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { openBrowser } from './browser.ts'

const [address = 'http://127.0.0.1:7820', folder = '.results/screenshots'] = process.argv.slice(2)
const sizes = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } }

mkdirSync(folder, { recursive: true })
await using browser = await openBrowser()
for (const colorScheme of ['light', 'dark'] as const) {
  for (const [size, viewport] of Object.entries(sizes)) {
    const context = await browser.newContext({ colorScheme, viewport, baseURL: address, locale: 'en-GB' })
    const page = await context.newPage()
    const shoot = (name: string) =>
      page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`), fullPage: true })

    await page.goto('/')
    await page.waitForTimeout(500)
    await shoot('uploads')
    await page.getByRole('link', { name: 'Meeting rooms' }).click()
    await shoot('submission')
    await page.goto('/')
    await page.getByRole('link', { name: 'Warehouse scanners' }).click()
    await page.waitForTimeout(500)
    await shoot('upload')
    await page.goto('/statistics?range=day')
    await shoot('statistics')
    await page.goto('/search?serialNumber=emu808-1')
    await shoot('search')
    await page.goto('/uploads/new')
    await shoot('new')
    await page.getByLabel('Customer (tenant ID)').fill('47021739-3426-40bf-9601-61b4b6d7c793')
    await page.getByLabel('Batch').fill('Front desk')
    await page.getByLabel('List of devices').setInputFiles({
      name: 'devices.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(
        'Device Serial Number,Manufacturer name,Device model\nR9-ZNP67,Contoso,Laptop 3\n1.2E+11,Contoso,Laptop 3\n#N/A,Contoso,Laptop 3\nR9-ZNP67,Contoso,Laptop 3\n',
      ),
    })
    await page.getByRole('button', { name: 'Check the file' }).click()
    await shoot('check')
    await page.goto(
      '/customers/47021739-3426-40bf-9601-61b4b6d7c793/uploads/0127ed8e-ff72-4983-a3d8-e8d8bd378932',
    )
    await shoot('not-found')
    await context.close()
  }
}
