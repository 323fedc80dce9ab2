/** The emulator's only source of time, which determines the progress of a batch and the expiry of a token. */

import { latestTime, numberFrom } from '../check-value.ts'

/** The goal of `clock.runUntil()`: no events left, or a function that returns (or resolves with) true. */
export type RunUntilGoal = 'idle' | (() => boolean | Promise<boolean>)

/** The emulator's clock, which tests can advance. */
export interface EmulatorClock {
  /** The emulator's time in milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
  /**
   * Advances the clock immediately by `milliseconds`, 0 or more. Throws a `RangeError`, and leaves the time unchanged, for a
   * negative step and for one past the year 9999.
   */
  advance(milliseconds: number): void
  /**
   * Advances the clock from event to event: an upload starts, a device is done, a delayed response is due. `'idle'` runs until
   * no events are left, a function until it returns true; between two events, code that waits for the emulator runs. A stuck
   * upload does not prevent it from being idle.
   *
   * @returns A promise that resolves when the goal is reached. It rejects with an `Error` when no events are left and the
   * function still returns false, and with any error that the function throws.
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

/** The clock with members that only the emulator itself uses. */
export interface InternalClock extends Omit<EmulatorClock, 'runUntil'> {
  /** Resolves when this clock has reached `time`; rejects with the signal's reason as soon as it is aborted. */
  waitUntil(time: number, signal: AbortSignal): Promise<void>
  /** When something issued at `issuedAt` expires. A fast clock does not shorten its life: its holder counts in real time. */
  expiry(issuedAt: number, lifetimeMs: number): number
  /** The times for which something waits. */
  awaitedTimes(): number[]
  /** Sets the time, by default to the clock's start, and ends every wait. */
  reset(time?: number): void
}

/** Longer timers fire at once in most runtimes. */
const longestTimerMs = 2 ** 31 - 1

/** Creates a clock that starts at `startTime` (now when undefined) and runs `timeScale` times as fast as real time. */
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
        throw new RangeError(`"milliseconds" must not go past the year 9999, got ${milliseconds}.`)
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
    expiry: (issuedAt, lifetimeMs) => issuedAt + lifetimeMs * Math.max(1, timeScale),
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
