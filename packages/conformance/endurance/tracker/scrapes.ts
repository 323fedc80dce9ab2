/** How long does a scrape of the metrics take while there is much to do? */
import { setTimeout as pause } from 'node:timers/promises'

import type { Tracker } from '@devicebatch/tracker'

import type { Progress } from './progress.ts'

/** Reads the metrics every second, as a monitoring system would less often. */
export async function scrape(tracker: Tracker, progress: Progress, scrapesMs: number[]): Promise<void> {
  while (!progress.isOver()) {
    const startedAt = performance.now()
    const text = await tracker.metrics()
    // While the database is down, it is not asked for its figures.
    if (text.includes('devicebatch_database_reachable 1')) scrapesMs.push(performance.now() - startedAt)
    await pause(1_000)
  }
}

/** Their median and their extremes. */
export function describeScrapes(scrapesMs: readonly number[]): string {
  const sorted = scrapesMs.toSorted((one, other) => one - other)
  const at = (part: number): string => `${sorted[Math.floor(part * (sorted.length - 1))]?.toFixed(0)} ms`
  return `${sorted.length} scrapes of metrics(): ${at(0.5)} in the median, 95% within ${at(0.95)}, at most ${at(1)}`
}
