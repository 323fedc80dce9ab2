/** When can an upload be stopped without leaving a request in doubt? */
import type { PartnerCenterEvent } from '@devicebatch/client'

/** Stops an upload when the user interrupts the command. */
export interface UploadStop {
  /** For the upload: aborted at once or, while devices are being sent, when the response to their request arrives. */
  signal: AbortSignal
  /** The next request with devices is about to be sent. */
  beforeRequest(): void
  /** It was accepted, and its tracking ID is saved. */
  afterRequest(): void
  /** Follows the events of the calls. */
  observe(event: PartnerCenterEvent): void
}

/**
 * A request that is cut off may have been accepted, and then nobody can tell whether its devices were sent once or twice: so
 * its response is awaited, but nothing else.
 *
 * @param signal Aborted when the user interrupts the command.
 * @param onDelayed Called when the stop has to wait.
 */
export function createUploadStop(signal: AbortSignal, onDelayed: () => void): UploadStop {
  const own = new AbortController()
  let isSending = false
  let repeating: NodeJS.Timeout | undefined
  const stop = (): void => {
    if (signal.aborted && !isSending) own.abort(signal.reason)
  }
  signal.addEventListener('abort', () => (isSending ? onDelayed() : stop()), { once: true })
  stop()
  return {
    signal: own.signal,
    beforeRequest() {
      isSending = true
    },
    afterRequest() {
      isSending = false
      stop()
    },
    observe(event) {
      if (event.type === 'token') return
      // Accepted: the stop follows when its tracking ID is saved. After any other response comes a wait or another call.
      const isAccepted = event.type === 'attempt' && event.method === 'POST' && (event.status ?? 0) < 300
      isSending &&= isAccepted && event.error === undefined
      stop()
      clearTimeout(repeating)
      // After the wait, the request is sent, or sent again.
      if (event.type === 'wait' && event.method === 'POST')
        repeating = setTimeout(() => (isSending = true), event.delayMs).unref()
    },
  }
}
