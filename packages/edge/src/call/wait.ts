/** The only timer: every wait goes through this file. */

/** The longest delay that every runtime's `setTimeout` accepts; on most of them, a longer one fires immediately. */
const maxTimerMs = 2 ** 31 - 1

/**
 * Calls `onElapsed` once after `ms` milliseconds; `Infinity` means never. Returns a function that cancels it. With
 * `isBackground`, the timer does not keep the process alive.
 */
export function startTimer(ms: number, onElapsed: () => void, isBackground = false): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const arm = (left: number): void => {
    timer = setTimeout(
      () => (left > maxTimerMs ? arm(left - maxTimerMs) : onElapsed()),
      // Otherwise the fraction of a millisecond is truncated and the timer fires too early.
      Math.ceil(Math.min(left, maxTimerMs)),
    )
    if (isBackground) (timer as { unref?: () => void }).unref?.()
  }
  if (ms !== Infinity) arm(ms)
  return () => clearTimeout(timer)
}

/** Resolves after `ms` milliseconds, or rejects with the signal's own reason as soon as it is aborted. */
export function wait(ms: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const onAbort = (): void => {
      cancel()
      reject(signal!.reason)
    }
    const cancel = startTimer(ms, () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
