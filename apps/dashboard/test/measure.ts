/**
 * `node test/measure.ts <loads>`: how long pages take until something is seen with as much as a large partner has on PostgreSQL,
 * and how long others wait while somebody uploads the largest file. Prints JSON.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { createEmulator } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { createTracker } from '@devicebatch/tracker'

import { emulatorEnvironment } from '../../../packages/emulator/test/environment.ts'
import { startServer } from '../../../packages/tracker/test/postgres-server.ts'
import { openBrowser } from './browser.ts'
import { customerId, fillTables, largest, uploads } from './large-database.ts'

/** What was measured. */
export interface Measured {
  /** For each page its bytes over the network, and the milliseconds of each load from the click to the first byte and paint. */
  pages: { what: string; isBaseline: boolean; bytes: number; firstByteMs: number[]; firstPaintMs: number[] }[]
  /** The longest response to another request while a file was uploaded, in milliseconds, for each time. */
  longestWaitMs: number[]
}

const loads = Number(process.argv[2] ?? 15)
const [devices, ofOthers] = [2_000_000, 380]
const ofLargest = devices - (uploads - 1) * ofOthers
const count = (number: number): string => number.toLocaleString('en-US')
/** What the browser needs for two letters without a style sheet, a script or a query. */
const baseline = '/healthz'
const pages = [
  [`the list of ${count(uploads)} uploads`, '/'],
  [`the uploads with failed devices`, '/?show=failed'],
  [`an upload with ${count(ofLargest)} devices`, `/customers/${customerId}/uploads/${largest}`],
  ['the statistics of three months', '/statistics?range=quarter'],
  [`a serial number among ${count(devices)}`, '/search?serialNumber=S099999'],
  ['the two letters of `/healthz`', baseline],
] as const

const postgres = await startServer()
const emulator = await serve({ emulator: createEmulator() })
const stops: (() => Promise<unknown>)[] = [() => emulator.close(), () => postgres.stop()]
try {
  const url = await startDashboard()
  const measured: Measured = { pages: await measurePages(url), longestWaitMs: [] }
  for (let round = 0; round < Math.ceil(loads / 5); round++)
    measured.longestWaitMs.push(await longestWait(url))
  console.log(JSON.stringify(measured))
} finally {
  for (const stop of stops) await stop()
}

/** The dashboard without a worker, on a database that has everything. */
async function startDashboard(): Promise<string> {
  await postgres.createDatabase('large')
  const database = `${postgres.url}/large`
  {
    await using tracker = createTracker({ database, partner: { credential: () => 'none' } })
    await tracker.getTotals()
  }
  await postgres.query('large', fillTables({ ofLargest, ofOthers }))
  await postgres.query('large', 'vacuum')
  const dashboard = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
    env: {
      ...process.env,
      PORT: '0',
      DEVICEBATCH_DATABASE_URL: database,
      DEVICEBATCH_WORKER: 'no',
      ...emulatorEnvironment(emulator),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  stops.unshift(async () => {
    dashboard.kill()
    await once(dashboard, 'close')
  })
  const [printed] = (await once(dashboard.stdout, 'data')) as [Buffer]
  return /http:\S+/.exec(printed.toString())![0]
}

async function measurePages(url: string): Promise<Measured['pages']> {
  await using browser = await openBrowser()
  const measured = pages.map(([what, path]) => ({
    what,
    isBaseline: path === baseline,
    bytes: 0,
    firstByteMs: [] as number[],
    firstPaintMs: [] as number[],
  }))
  // The pages take turns, so that a busy moment slows them all.
  for (let round = 0; round <= loads; round++) {
    for (const [index, [, path]] of pages.entries()) {
      const context = await browser.newContext({ baseURL: url, viewport: { width: 1280, height: 900 } })
      const page = await context.newPage()
      await page.goto(path, { waitUntil: 'load' })
      const { bytes, firstByteMs, firstPaintMs } = await page.evaluate(async () => {
        const paint = await new Promise<PerformanceEntry>((resolve) => {
          new PerformanceObserver((list) => {
            const first = list.getEntriesByName('first-contentful-paint')[0]
            if (first) resolve(first)
          }).observe({ type: 'paint', buffered: true })
        })
        const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
        return {
          bytes: navigation!.encodedBodySize,
          firstByteMs: navigation!.responseStart,
          firstPaintMs: paint.startTime,
        }
      })
      await context.close()
      // The first round warms the server up.
      if (round === 0) continue
      measured[index]!.bytes = bytes
      measured[index]!.firstByteMs.push(firstByteMs)
      measured[index]!.firstPaintMs.push(firstPaintMs)
    }
  }
  return measured
}

/** Another process sends the file, so that nothing but the dashboard delays the responses here. */
async function longestWait(url: string): Promise<number> {
  const sender = spawn(process.execPath, [join(import.meta.dirname, 'send-large-file.ts'), url], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(sender, 'close')
  let longest = 0
  while (sender.exitCode === null) {
    const start = performance.now()
    await (await fetch(`${url}/public/icon.svg`)).arrayBuffer()
    longest = Math.max(longest, performance.now() - start)
    await pause(5)
  }
  const [exitCode] = (await ended) as [number]
  if (exitCode !== 0) throw new Error('The large file was not taken.')
  return longest
}
