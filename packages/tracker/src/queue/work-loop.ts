/** Runs work that is due: it starts as soon as there is room for it, and ends when its own run ends. */
import { wait } from '@devicebatch/edge/internal'

/** Thrown by work that must wait: it is given back, and is due again after that time. */
export class HandBack<T = unknown> extends Error {
  readonly waitMs: number
  /** What to remember until it is due again. */
  readonly data: T

  constructor(waitMs: number, data: T) {
    super(`Handed back for ${Math.round(waitMs)} ms.`)
    this.waitMs = waitMs
    this.data = data
  }
}

/** Where work comes from. What a worker has claimed belongs to it until it ends, or until the worker is considered dead. */
export interface WorkSource<Item> {
  /** How much to claim at once at most. */
  mostPerClaim: number
  /** Claims this much work that is due, or all of it if there is less, while other work is running. */
  claim(count: number, running: readonly Item[]): Promise<Item[]>
  /** Does the work; rejects when it must be done again. */
  run(item: Item, signal: AbortSignal): Promise<void>
  /** Ends finished work and gives back failed work; when it rejects, it is called again with the same. */
  end(done: readonly Item[], failed: readonly Failed<Item>[]): Promise<void>
  /** Reports that this work is still being done. */
  touch(running: readonly Item[]): Promise<void>
}

/** Work that failed. */
export interface Failed<Item> {
  item: Item
  error: unknown
}

export interface WorkLoop {
  /** Claims no more work, and aborts what is not done within ten seconds, leaving it to other workers. */
  stop(): Promise<void>
}

/** How long until a dead worker is noticed and other workers take over its work. */
export const claimSeconds = 30
/** How long until the next claim when there was less to do than there is room for, in milliseconds. */
const idleMs = 500
/** How long to wait for other work that ends at the same time: it ends, and new work is claimed, together. */
const togetherMs = 20
/** How long running work may take after `stop()`, in milliseconds. */
export const stopMs = 10_000
/** How often to report that a worker and its work are alive, in milliseconds. */
export const touchMs: number = (claimSeconds * 1_000) / 3

/**
 * Starts claiming and running work. Only `stop()` ends it: when the database is unavailable, it tries again.
 *
 * @param concurrency How much runs at the same time.
 */
export function startWorkLoop<Item>(
  source: WorkSource<Item>,
  concurrency: number,
  onError: (error: unknown) => void,
): WorkLoop {
  const running = new Map<Item, Promise<void>>()
  const stopping = new AbortController()
  const aborting = new AbortController()
  let done: Item[] = []
  let failed: Failed<Item>[] = []
  let ended = new AbortController()

  const run = async (item: Item): Promise<void> => {
    try {
      await source.run(item, aborting.signal)
      done.push(item)
    } catch (error) {
      failed.push({ item, error })
      if (!(error instanceof HandBack) && !aborting.signal.aborted) onError(error)
    } finally {
      running.delete(item)
      ended.abort()
    }
  }

  const end = async (): Promise<void> => {
    if (done.length + failed.length === 0) return
    const [ending, failing] = [done, failed]
    done = []
    failed = []
    try {
      await source.end(ending, failing)
    } catch (error) {
      done.push(...ending)
      failed.push(...failing)
      throw error
    }
  }

  const claim = async (): Promise<void> => {
    // What becomes free meanwhile has to wait: what has ended is given back first.
    let room = concurrency - running.size
    while (room > 0) {
      const count = Math.min(room, source.mostPerClaim)
      const items = await source.claim(count, [...running.keys()])
      // What was claimed starts before the next claim.
      for (const item of items) running.set(item, run(item))
      if (items.length < count) return
      room -= count
    }
  }

  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      ended = new AbortController()
      try {
        await end()
        await claim()
      } catch (error) {
        onError(error)
      }
      await pause(idleMs, AbortSignal.any([ended.signal, stopping.signal]))
      if (ended.signal.aborted) await pause(togetherMs, stopping.signal)
    }
  }
  const touching = setInterval(() => {
    if (running.size > 0) source.touch([...running.keys()]).catch(onError)
  }, touchMs)
  const working = work()

  return {
    async stop() {
      stopping.abort()
      await working
      const inTime = Promise.all(running.values())
      const timeout = new AbortController()
      await Promise.race([inTime, pause(stopMs, timeout.signal)])
      timeout.abort()
      aborting.abort()
      // Aborted runs still record the data of the last response.
      await inTime
      clearInterval(touching)
      await end().catch(onError)
    },
  }
}

/** Waits until the time is up or the signal aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, signal).catch(() => undefined)
}
