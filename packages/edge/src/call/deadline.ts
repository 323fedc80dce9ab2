/** How long may this take? A limit and the caller's signal, joined without `AbortSignal.any`, which edge-runtime lacks. */
import { startTimer } from './wait.ts'

/**
 * Runs `work` with a signal of its own, for at most `limitMs` milliseconds.
 *
 * Rejects at once, whether or not `work` listens: with the caller's own abort reason, or with `onLimit()` when time is
 * up. Leaves neither timer nor listener behind. In the background its timer does not keep the process alive.
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
    signal?.addEventListener('abort', onAbort, { once: true })
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
