/** How can a reader leave a loop that is waiting? A generator queues `return()` after the pending `next()`. */
import { checkSignal } from '@devicebatch/edge/internal'

/**
 * An iterable that can be left at any time: `return()` and `throw()` of its iterators abort the signal passed to `generate`,
 * so that everything in progress ends at once and a pending `next()` resolves as done.
 *
 * @param signal The caller's own signal; its reason reaches a pending `next()` unchanged.
 */
export function abortableIterable<T>(
  signal: AbortSignal | null | undefined,
  generate: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => abortableIterator(signal, generate) }
}

function abortableIterator<T>(
  signal: AbortSignal | null | undefined,
  generate: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncIterator<T, void, undefined> {
  const controller = new AbortController()
  const generator = generate(controller.signal)
  let hasLeft = false
  const leave = async (): Promise<void> => {
    hasLeft = true
    controller.abort()
    await generator.return()
  }
  return {
    async next() {
      checkSignal(signal)
      // Only while somebody waits, so that an abandoned iterator leaves no listener behind.
      const follow = (): void => controller.abort(signal!.reason)
      if (signal?.aborted) follow()
      signal?.addEventListener('abort', follow, { once: true })
      try {
        return await generator.next()
      } catch (error) {
        if (hasLeft) return { done: true, value: undefined }
        throw error
      } finally {
        signal?.removeEventListener('abort', follow)
      }
    },
    async return() {
      await leave()
      return { done: true, value: undefined }
    },
    async throw(error) {
      await leave()
      throw error
    },
  }
}
