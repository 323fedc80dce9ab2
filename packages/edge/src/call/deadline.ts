/** How long may this take? Combines a timeout and the caller's signal without `AbortSignal.any`, which edge-runtime lacks. */
import { startTimer } from './wait.ts'

/**
 * Runs `work` with its own signal, for at most `limitMs` milliseconds.
 *
 * Rejects immediately, whether or not `work` listens: with the caller's own abort reason, or with `onLimit()` on timeout.
 * It leaves no timer or listener behind. With `isBackground`, its timer does not keep the process alive.
 */
export function withinLimit<T>(
  work: (signal: AbortSignal) => Promise<T>,
  limitMs: number,
  signal: AbortSignal | null | undefined,
  onLimit: () => unknown,
  isBackground = false,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    if (limitMs <= 0) return reject(onLimit())
    const controller = new AbortController()
    const tidy = (): void => {
      cancelTimer()
      signal?.removeEventListener('abort', onAbort)
    }
    const stop = (reason: unknown): void => {
      tidy()
      reject(reason)
      controller.abort(reason)
    }
    const onAbort = (): void => stop(signal!.reason)
    const cancelTimer = startTimer(limitMs, () => stop(onLimit()), isBackground)
    signal?.addEventListener('abort', onAbort)
    const fail = (error: unknown): void => {
      tidy()
      reject(error)
    }
    try {
      work(controller.signal).then((value) => {
        tidy()
        resolve(value)
      }, fail)
    } catch (error) {
      fail(error)
    }
  })
}
