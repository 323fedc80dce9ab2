/**
 * `node test/first-paint.ts <loads>`: how long pages take until something is seen, with as much as a large partner has. Prints
 * JSON: for each page its bytes over the network, and the milliseconds of each load from the click to the first paint.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import { openBrowser } from './browser.ts'
import { customerId, devices, largest, makeLargeDatabase, uploads } from './large-database.ts'

const loads = Number(process.argv[2] ?? 15)
const count = (number: number): string => number.toLocaleString('en-US')
const pages = [
  [`the list of ${count(uploads)} uploads`, '/'],
  [`an upload with ${count(devices)} devices`, `/customers/${customerId}/uploads/${largest}`],
  ['the statistics of three months', '/statistics?range=quarter'],
  [`a serial number among ${count(devices)}`, '/search?serialNumber=S099999'],
] as const

const { directory, remove } = await makeLargeDatabase()
const server = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
  env: {
    ...process.env,
    PORT: '0',
    DEVICEBATCH_DATABASE_URL: directory,
    DEVICEBATCH_WORKER: 'no',
    DEVICEBATCH_TENANT_ID: 'contoso.onmicrosoft.com',
    DEVICEBATCH_CLIENT_ID: 'none',
    DEVICEBATCH_CLIENT_SECRET: 'none',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
})
try {
  const [printed] = (await once(server.stdout, 'data')) as [Buffer]
  const url = /http:\S+/.exec(printed.toString())![0]
  await using browser = await openBrowser()
  const measured = pages.map(([what]) => ({ what, bytes: 0, firstPaintMs: [] as number[] }))
  // The pages take turns, so that a busy moment slows them all.
  for (let round = 0; round <= loads; round++) {
    for (const [index, [, path]] of pages.entries()) {
      const context = await browser.newContext({ baseURL: url, viewport: { width: 1280, height: 900 } })
      const page = await context.newPage()
      await page.goto(path, { waitUntil: 'load' })
      const { bytes, paintMs } = await page.evaluate(async () => {
        const paint = await new Promise<PerformanceEntry>((resolve) => {
          new PerformanceObserver((list) => {
            const first = list.getEntriesByName('first-contentful-paint')[0]
            if (first) resolve(first)
          }).observe({ type: 'paint', buffered: true })
        })
        const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
        return { bytes: navigation!.encodedBodySize, paintMs: paint.startTime }
      })
      await context.close()
      // The first round warms the server up.
      if (round === 0) continue
      measured[index]!.bytes = bytes
      measured[index]!.firstPaintMs.push(paintMs)
    }
  }
  console.log(JSON.stringify(measured))
} finally {
  server.kill()
  await once(server, 'close')
  await remove()
}
