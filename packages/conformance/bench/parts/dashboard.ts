/** How long does it take the dashboard to show something, and does a large file hold others up? */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

import { atMost, quartiles, withSpread } from '../measure.ts'
import type { Part } from '../measure.ts'

const program = join(import.meta.dirname, '../../../../apps/dashboard/test/measure.ts')
const [paintLimitMs, bytesLimit, waitLimitMs] = [150, 30_000, 200]

interface Measured {
  pages: { what: string; isBaseline: boolean; bytes: number; firstByteMs: number[]; firstPaintMs: number[] }[]
  longestWaitMs: number[]
}

export const dashboard: Part = {
  name: 'dashboard',
  title: 'First paint of the dashboard',
  how: 'The tracker has 5,000 uploads and 2,000,000 devices on PostgreSQL. Chromium, the dashboard and PostgreSQL share the cores of this machine; each load is in a fresh profile without a cache. Measured from the start of the navigation to the first contentful paint; the size is that of the gzipped page. The last row is the longest response to another request while the dashboard reads, checks and submits a file of 50 MB.',
  missed:
    'Chromium, which gets a fresh profile for each load, shares the two cores with the dashboard and PostgreSQL: `/healthz` shows what it ' +
    'needs for two letters, and the serial number what a style sheet, a script and one row add. Only what comes before the first byte ' +
    'is the work of the dashboard and the database; for the statistics, they count the devices of three months.',
  async run({ quick }) {
    const printed = execFileSync(process.execPath, [program, quick ? '3' : '25'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const { pages, longestWaitMs } = JSON.parse(printed) as Measured
    const paints = pages.map(({ what, isBaseline, bytes, firstByteMs, firstPaintMs }) => {
      const paint = quartiles(firstPaintMs)
      const firstByte = quartiles(firstByteMs).median.toFixed(0)
      const reached = `${withSpread(paint, 0, ' ms')}, first byte ${firstByte} ms, ${(bytes / 1_000).toFixed(1)} kB`
      if (isBaseline) return { what, reached }
      const target = `≤ ${paintLimitMs} ms, ≤ ${bytesLimit / 1_000} kB`
      return { what, target, reached, met: paint.median <= paintLimitMs && bytes <= bytesLimit }
    })
    const wait = quartiles(longestWaitMs)
    return [
      ...paints,
      atMost(
        'another request during a file of 50 MB',
        `≤ ${waitLimitMs} ms`,
        waitLimitMs,
        wait.median,
        withSpread(wait, 0, ' ms'),
      ),
    ]
  },
}
