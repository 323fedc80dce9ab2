/** When can an upload be stopped without leaving a request in doubt? */
import type { AttemptEvent, PartnerCenterEvent } from '@devicebatch/client'

/** Stops an upload when the user interrupts the command. */
export interface UploadStop {
  /** For the upload: aborted at once or, while devices are being sent, when the response to their request arrives. */
  signal: AbortSignal
  /** A request with devices is about to be sent, or sent again. */
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
      isSending &&= event.type === 'attempt' && goesOn(event)
      stop()
    },
  }
}

/**
 * Whether the request is still in progress: when it was accepted, until its tracking ID is saved; after a 401, it is sent again
 * with another token. After any other response comes a wait or another call.
 */
function goesOn({ method, status, error }: AttemptEvent): boolean {
  return method === 'POST' && error === undefined && status !== undefined && (status < 300 || status === 401)
}
