/** Notifies open pages of changes: server-sent events that resume after a lost connection. */
import { setTimeout as sleep } from 'node:timers/promises'

import { isPartnerCenterError } from '@devicebatch/client'
import type { Tracker, TrackerEvent } from '@devicebatch/tracker'

import type { Log } from './log.ts'

/** What a page receives: which uploads and submissions changed, or `'all'`. The page then reloads its live parts. */
export interface Change {
  position: string
  ids: string[] | 'all'
}

/** One reader of the tracker's events, for any number of pages. */
export interface Live {
  /** Receives everything once it has resolved; `undefined` if too many pages are open already, or it is closed. */
  open: () => Promise<Listener | undefined>
  /** Ends for every page. */
  close: () => void
}

/** An open page. */
export interface Listener {
  /**
   * The next change; `undefined` if there was none for a while, `'end'` if there will be no other. What happens between two calls is
   * returned by the second.
   */
  next: (signal: AbortSignal) => Promise<Change | 'end' | undefined>
  close: () => void
}

/** Each one holds a connection and reloads its page after a change; only visible pages listen. */
const mostListeners = 1_000
/** A page that has missed more than this reloads everything, so that little has to be kept. */
const mostIds = 500
/** Changes within this time are sent together. */
const gatherMs = 1_000
/** Proxies close a connection that is silent for too long. */
const silenceMs = 20_000

export function createLive(tracker: Tracker, log: Log): Live {
  const listeners = new Set<(event: TrackerEvent) => void>()
  const stop = new AbortController()
  let begun: Promise<void> | undefined

  const read = async (onBegin: () => void): Promise<void> => {
    let after: string | undefined
    while (!stop.signal.aborted) {
      try {
        after ??= await tracker.lastPosition()
        onBegin()
        for await (const event of tracker.events({ after, signal: stop.signal })) {
          after = event.position
          for (const tell of listeners) tell(event)
        }
      } catch (error) {
        // The database was restored from a backup, with another numbering of events.
        if (isPartnerCenterError(error) && error.code === 'invalid-argument') after = undefined
        log({ level: 'error', event: 'events cannot be read', message: String(error) })
        await pause(5_000, stop.signal)
      }
    }
  }

  return {
    async open() {
      if (listeners.size >= mostListeners || stop.signal.aborted) return undefined
      let ids: Set<string> | 'all' = new Set()
      let position: string | undefined
      let wake = (): void => undefined
      const tell = (event: TrackerEvent): void => {
        position = event.position
        if (ids !== 'all') {
          for (const id of [event.batchTrackingId, event.submissionId]) if (id !== undefined) ids.add(id)
          if (ids.size > mostIds) ids = 'all'
        }
        wake()
      }
      listeners.add(tell)
      begun ??= new Promise((resolve) => void read(resolve))
      await begun
      return {
        async next(signal) {
          const ended = AbortSignal.any([signal, stop.signal])
          if (position === undefined) {
            const something = new AbortController()
            wake = () => something.abort()
            await pause(silenceMs, AbortSignal.any([ended, something.signal]))
          }
          if (ended.aborted) return 'end'
          if (position === undefined) return undefined
          await pause(gatherMs, ended)
          const change: Change = { position, ids: ids === 'all' ? ids : [...ids] }
          position = undefined
          ids = new Set()
          return change
        },
        close: () => void listeners.delete(tell),
      }
    },
    close: () => stop.abort(),
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => undefined)
}
