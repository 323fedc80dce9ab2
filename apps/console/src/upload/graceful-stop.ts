/** When may an upload be stopped so that nothing is left in doubt? */
import type { PartnerCenterEvent } from '@devicebatch/client'

/** Stops an upload for a user who wants to end the command. */
export interface UploadStop {
  /** For the upload: aborted at once, or, while devices are on their way, with the answer to their request. */
  signal: AbortSignal
  /** The next request of devices goes. */
  beforeRequest(): void
  /** It was accepted, and its tracking id is kept. */
  afterRequest(): void
  /** Takes note of what goes on in the calls. */
  observe(event: PartnerCenterEvent): void
}

/**
 * A request that is cut off may have been accepted, and then nobody can tell any more whether its devices went once or twice:
 * so it is waited for. Nothing else is.
 *
 * @param signal Aborted when the user wants to end.
 * @param onDelayed Called when that has to wait.
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
      // Accepted: the end comes when its tracking id is kept. Whatever else came, a wait or another call follows.
      const isAccepted = event.type === 'attempt' && event.method === 'POST' && (event.status ?? 0) < 300
      isSending &&= isAccepted && event.error === undefined
      stop()
    },
  }
}
