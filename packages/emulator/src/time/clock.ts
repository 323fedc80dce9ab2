/** The only source of time in the emulator: what has happened to a batch, and whether a token is still good. */

import { latestTime, numberFrom } from '../check-value.ts'

/** What `clock.runUntil()` runs to: nothing left to happen, or a function that returns (or resolves with) true. */
export type RunUntilGoal = 'idle' | (() => boolean | Promise<boolean>)

/** The emulator's time, which tests move by hand. */
export interface EmulatorClock {
  /** The emulator's time in milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
  /** Moves the time forward at once by `milliseconds`, 0 or more. Throws a `RangeError` for a negative step and for one that leads past the year 9999; the time stays then. */
  advance(milliseconds: number): void
  /**
   * Moves the time forward from one event to the next: an upload that starts, a device that is done, a delayed answer.
   * `'idle'` goes on until nothing is left to happen, a function until it returns true; between two events, what waits
   * for the emulator gets its turn. An upload that is stuck does not keep it from being idle.
   *
   * @returns A promise that ends when the goal is reached. It rejects with an `Error` when nothing is left to happen and
   * the function still returns false, and with what the function throws.
   *
   * @example
   * ```ts
   * import { createEmulator } from '@devicebatch/emulator'
   *
   * const emulator = createEmulator({ timeScale: 0 })
   * emulator.faults.add({ operation: 'getToken', effect: { kind: 'delay', delayMs: 30_000 } })
   * const answer = emulator.fetch('https://emulator.test/contoso/oauth2/v2.0/token', { method: 'POST' })
   * await emulator.clock.runUntil('idle')
   * console.log((await answer).status) // 400
   * ```
   */
  runUntil(goal: RunUntilGoal): Promise<void>
}

/** The clock with what only the emulator itself uses. */
export interface InternalClock extends Omit<EmulatorClock, 'runUntil'> {
  /** Ends when this clock has reached `time`; rejects with the signal's reason as soon as that is aborted. */
  waitUntil(time: number, signal: AbortSignal): Promise<void>
  /** The times that are waited for. */
  awaitedTimes(): number[]
  /** Goes to `time`, by default to where the clock started, and ends every wait. */
  reset(time?: number): void
}

/** Longer timers fire at once in most runtimes. */
const longestTimerMs = 2 ** 31 - 1

/** Makes a clock that starts at `startTime` (now when undefined) and runs `timeScale` times as fast as real time. */
export function createClock(startTime: number | undefined, timeScale: number): InternalClock {
  const waits = new Set<Wait>()
  let startedAt = Date.now()
  let origin = startTime ?? startedAt
  let advancedMs = 0

  const now = (): number => Math.floor(origin + advancedMs + (Date.now() - startedAt) * timeScale)

  return {
    now,
    advance(milliseconds) {
      const step = numberFrom(0, 'milliseconds', milliseconds)
      if (now() + step > latestTime) {
        throw new RangeError(`"milliseconds" must not lead past the year 9999, got ${milliseconds}.`)
      }
      advancedMs += step
      for (const wait of waits) wait.check()
    },
    async waitUntil(time, signal) {
      signal.throwIfAborted()
      await new Promise<void>((resolve, reject) => {
        let timer: ReturnType<typeof setTimeout> | undefined
        const end = (): void => {
          clearTimeout(timer)
          waits.delete(wait)
          signal.removeEventListener('abort', abort)
        }
        const abort = (): void => {
          end()
          reject(signal.reason)
        }
        const wait: Wait = {
          time,
          release() {
            end()
            resolve()
          },
          check() {
            clearTimeout(timer)
            const leftMs = time - now()
            if (leftMs <= 0) wait.release()
            else if (timeScale > 0)
              timer = setTimeout(wait.check, Math.min(leftMs / timeScale, longestTimerMs))
          },
        }
        waits.add(wait)
        signal.addEventListener('abort', abort)
        wait.check()
      })
    },
    awaitedTimes: () => [...waits].map(({ time }) => time),
    reset(time) {
      startedAt = Date.now()
      origin = time ?? startTime ?? startedAt
      advancedMs = 0
      for (const wait of waits) wait.release()
    },
  }
}

interface Wait {
  time: number
  check: () => void
  release: () => void
}
