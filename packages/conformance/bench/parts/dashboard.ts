/** How long does it take the dashboard to show something? */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

import type { Part } from '../measure.ts'
import { quartiles, withSpread } from '../measure.ts'

const program = join(import.meta.dirname, '../../../../apps/dashboard/test/first-paint.ts')

export const dashboard: Part = {
  name: 'dashboard',
  title: 'First paint of the dashboard',
  how: 'Chromium on the same machine, each load in a fresh profile without a cache. The tracker has 5,000 uploads on PGlite, one of them with 100,000 devices. Measured from the start of the navigation to the first contentful paint; the size is that of the gzipped page.',
  async run({ quick }) {
    const printed = execFileSync(process.execPath, [program, quick ? '3' : '25'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const measured = JSON.parse(printed) as { what: string; bytes: number; firstPaintMs: number[] }[]
    return measured.map(({ what, bytes, firstPaintMs }) => ({
      what,
      reached: `${withSpread(quartiles(firstPaintMs), 0, ' ms')}, ${(bytes / 1_000).toFixed(1)} kB`,
    }))
  },
}
