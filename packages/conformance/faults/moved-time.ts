/** Time that a test moves: how fast the machine is must not decide whether a response arrives before a timeout. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as turn } from 'node:timers/promises'

/** A timer of at least this many milliseconds never fires by itself. Shorter ones, such as those of backoffs, are real. */
export const longMs = 10_000

export interface MovedTime {
  /** Calls `work`. For all that it starts, long timers and `performance.now()` follow {@link MovedTime.elapse}. */
  run<T>(work: () => T): T
  /**
   * Moves time to the end of every long timer that started before `before`, in milliseconds of the real `performance.now()`, and has not
   * been cleared.
   *
   * @param isResponding Whether the latest request gets at least a response's head, which `fetch` must have returned first.
   */
  elapse(before: number, isResponding: boolean): Promise<void>
}

interface Clock {
  movedMs: number
  latest?: Promise<unknown>
}

interface LongTimer {
  clock: Clock
  startedAt: number
  endsAt: number
  onElapsed: () => void
}

const timers = new Map<unknown, LongTimer>()
const clocks = new AsyncLocalStorage<Clock>()
const { setTimeout, clearTimeout, fetch } = globalThis
const realNow = performance.now.bind(performance)

export function createMovedTime(): MovedTime {
  const own: Clock = { movedMs: 0 }
  return {
    run: (work) => clocks.run(own, work),
    async elapse(before, isResponding) {
      if (isResponding) await own.latest
      // What `fetch` returned has been read.
      await turn()
      for (const [timer, { clock, startedAt, endsAt, onElapsed }] of timers) {
        if (clock !== own || startedAt > before) continue
        globalThis.clearTimeout(timer as NodeJS.Timeout)
        own.movedMs = Math.max(own.movedMs, endsAt - realNow())
        clocks.run(own, onElapsed)
      }
    },
  }
}

performance.now = () => realNow() + (clocks.getStore()?.movedMs ?? 0)

globalThis.setTimeout = ((onElapsed: () => void, delayMs?: number, ...rest: []) => {
  const clock = clocks.getStore()
  if (!clock || !(Number(delayMs) >= longMs)) return setTimeout(onElapsed, delayMs, ...rest)
  // As any timer, it keeps the process alive.
  const timer = setTimeout(() => {}, 2 ** 31 - 1)
  const startedAt = realNow()
  timers.set(timer, { clock, startedAt, endsAt: startedAt + clock.movedMs + delayMs!, onElapsed })
  return timer
}) as typeof setTimeout

globalThis.clearTimeout = (timer) => {
  timers.delete(timer)
  clearTimeout(timer)
}

globalThis.fetch = (...request) => {
  const response = fetch(...request)
  const clock = clocks.getStore()
  if (clock) clock.latest = response.catch(() => {})
  return response
}
