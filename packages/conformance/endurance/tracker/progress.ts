/** The progress of a run, from the events of the tracker. */
import { setTimeout as pause } from 'node:timers/promises'

import type { Tracker, TrackerEvent } from '@devicebatch/tracker'

import type { PlannedBatch } from './plan.ts'

/** How long a batch took, from its submission to its end. */
export interface Duration {
  /** How many batches its customer has. */
  ofCustomer: number
  /** It arrived after all others had been submitted. */
  isProbe: boolean
  seconds: number
}

export type Progress = ReturnType<typeof createProgress>

export function createProgress(expected: number) {
  // Their devices are not needed here, and there are many.
  const events: Omit<TrackerEvent, 'data'>[] = []
  const ids = {
    queued: new Map<string, number>(),
    tracked: new Set<string>(),
    ended: new Map<string, number>(),
  }
  let [submitted, most] = [0, 0]
  const ending = new AbortController()
  const isOver = (): boolean => ending.signal.aborted
  /** From 0, before anything was submitted, to 1, when everything has ended. */
  const part = (): number => (submitted + ids.tracked.size + ids.ended.size) / (3 * expected)
  return {
    events,
    take(event: TrackerEvent) {
      const { type, submissionId = '', at } = event
      const { data: _, ...rest } = event
      events.push(rest)
      if (type === 'submission.queued') ids.queued.set(submissionId, Date.parse(at))
      if (type === 'upload.tracked') ids.tracked.add(submissionId)
      if (type === 'upload.ended') ids.ended.set(submissionId, Date.parse(at))
      most = Math.max(most, ids.tracked.size - ids.ended.size)
    },
    submitted: () => void submitted++,
    accepted: () => ids.tracked.size,
    ended: () => ids.ended.size,
    count: () => submitted + events.length,
    mostInFlight: () => most,
    part,
    /** Waits until this part is done; false if it never will be. */
    async reached(wanted: number): Promise<boolean> {
      while (!isOver() && part() < wanted) await pause(20)
      return !isOver()
    },
    over: () => ending.abort(),
    isOver,
    durations: (batches: readonly PlannedBatch[], probes: ReadonlySet<PlannedBatch>): Duration[] =>
      batches.flatMap((batch) => {
        const [from, to] = [ids.queued.get(batch.submissionId), ids.ended.get(batch.submissionId)]
        const { ofCustomer } = batch
        if (from === undefined || to === undefined) return []
        return [{ ofCustomer, isProbe: probes.has(batch), seconds: (to - from) / 1_000 }]
      }),
  }
}

/** Reads events until the signal, and resumes where it was when the database went away. */
export async function follow(
  tracker: Tracker,
  take: (event: TrackerEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  let after: string | undefined
  while (!signal.aborted) {
    try {
      for await (const event of tracker.events({ after, signal })) {
        take(event)
        after = event.position
      }
    } catch {
      await pause(200)
    }
  }
}
