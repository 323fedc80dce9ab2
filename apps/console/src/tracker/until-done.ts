/** When does a worker have nothing left to do? */
import { setTimeout } from 'node:timers/promises'

import type { NotifiedUpload, Tracker } from '@devicebatch/tracker'

/** The lists of what a worker has to do. */
export type WorkLists = Pick<Tracker, 'listUploads' | 'listSubmissions' | 'listNotifications'>

/**
 * Resolves when nothing is left to do, or at once when `signal` is aborted.
 *
 * @param lookMs How often to check, in milliseconds.
 */
export async function waitUntilDone(tracker: WorkLists, signal: AbortSignal, lookMs: number): Promise<void> {
  // It rejects when the signal is aborted, and only then.
  const look = (): Promise<void> => setTimeout(lookMs, undefined, { signal }).catch(() => undefined)
  while (!signal.aborted && (await isBusy(tracker))) await look()
  // When nothing is left to do, the last event may not have been printed yet.
  await look()
}

/** Reads the lists in the order in which work moves through them: what leaves one before it is read is found in a later one. */
async function isBusy(tracker: WorkLists): Promise<boolean> {
  for await (const _ of tracker.listSubmissions({ state: ['queued', 'uploading'] })) return true
  for await (const _ of tracker.listUploads({ state: 'tracking' })) return true
  return await hasNews(tracker)
}

/** Whether something was not tried yet. A receiver that is down for days keeps no worker running, nor does what waits behind it. */
async function hasNews(tracker: Pick<Tracker, 'listNotifications'>): Promise<boolean> {
  const waiting = new Set<string>()
  for await (const { webhook, attempts, notification } of tracker.listNotifications({ state: 'pending' })) {
    const { submissionId = '', batchTrackingId = '' } = notification.data as Partial<NotifiedUpload>
    const subject = `${webhook} ${submissionId || batchTrackingId}`
    if (attempts === 0 && !waiting.has(subject)) return true
    waiting.add(subject)
  }
  return false
}
