/** When does a worker have nothing left to do? */
import { setTimeout } from 'node:timers/promises'

import type { Tracker } from '@devicebatch/tracker'

/**
 * Resolves when nothing is left to do, or at once when `signal` is aborted.
 *
 * @param lookMs How often to check, in milliseconds.
 */
export async function waitUntilDone(
  tracker: Pick<Tracker, 'listUploads' | 'listSubmissions'>,
  signal: AbortSignal,
  lookMs: number,
): Promise<void> {
  // It rejects when the signal is aborted, and only then.
  const look = (): Promise<void> => setTimeout(lookMs, undefined, { signal }).catch(() => undefined)
  while (!signal.aborted && (await isBusy(tracker))) await look()
  // When nothing is left to do, the last event may not have been printed yet.
  await look()
}

async function isBusy(tracker: Pick<Tracker, 'listUploads' | 'listSubmissions'>): Promise<boolean> {
  for await (const _ of tracker.listUploads({ state: 'tracking' })) return true
  for (const state of ['queued', 'uploading'] as const) {
    for await (const _ of tracker.listSubmissions({ state })) return true
  }
  return false
}
