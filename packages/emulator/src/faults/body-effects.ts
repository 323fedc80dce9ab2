/** Faults of a response body: it arrives slowly, or ends too early. */

import type { InternalClock } from '../time/clock.ts'
import { turnOfOthers } from '../time/yield-to-others.ts'
import type { FaultEffect } from './fault.ts'

const damaged = new WeakSet<Response>()

/** Whether the response body arrives slowly or is truncated, so that a server must stream it. */
export function isDamaged(response: Response): boolean {
  return damaged.has(response)
}

/** The response after the effect. */
export async function damageBody(
  response: Response,
  effect: FaultEffect | undefined,
  clock: InternalClock,
  signal: AbortSignal,
): Promise<Response> {
  const slow = effect?.kind === 'slow' ? effect.bytesPerSecond : undefined
  const cut = effect?.kind === 'cut' ? effect.afterBytes : undefined
  if (!response.body || (slow === undefined && cut === undefined)) return response
  const bytes = new Uint8Array(await response.arrayBuffer())
  const { status } = response
  const headers = new Headers(response.headers)
  // The reader can tell that something is missing.
  headers.set('Content-Length', String(bytes.length))
  const body = slow === undefined ? cutBody(bytes, cut ?? 0) : slowBody(bytes, slow, clock, signal)
  const answer = new Response(body, { status, headers })
  damaged.add(answer)
  return answer
}

function cutBody(bytes: Uint8Array, afterBytes: number): ReadableStream<Uint8Array> {
  let sent = afterBytes === 0
  return new ReadableStream({
    async pull(controller) {
      if (!sent) {
        controller.enqueue(bytes.slice(0, afterBytes))
        sent = true
        return
      }
      // Only now has a server sent everything before it.
      await turnOfOthers()
      controller.error(new TypeError('The emulator cut the connection because of a fault.'))
    },
  })
}

function slowBody(
  bytes: Uint8Array,
  bytesPerSecond: number,
  clock: InternalClock,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const stopped = new AbortController()
  const stop = (): void => stopped.abort(signal.reason)
  signal.addEventListener('abort', stop)
  const size = Math.ceil(bytesPerSecond / 10)
  let sent = 0
  return new ReadableStream({
    async pull(controller) {
      const piece = bytes.slice(sent, sent + size)
      await clock.waitUntil(clock.now() + (piece.length * 1_000) / bytesPerSecond, stopped.signal)
      controller.enqueue(piece)
      sent += piece.length
      if (sent < bytes.length) return
      controller.close()
      signal.removeEventListener('abort', stop)
    },
    cancel(reason) {
      stopped.abort(reason)
      signal.removeEventListener('abort', stop)
    },
  })
}
