/** What happens in a call, as lines for a person to read. */
import { show } from './call/path.ts'
import { InvalidArgumentError } from './errors.ts'
import type { PartnerCenterEvent } from './events.ts'

/**
 * Returns an `observe` that logs one line per attempt: method, path, status or reason, duration, attempt and request ID. Like the
 * events, the lines contain no token, no customer or device ID, and no body.
 *
 * @param logger Where the lines go: `console`, which writes to standard output, or anything with a `log` method, such as
 * `{ log: console.error }`.
 * @example
 * ```ts
 * import { createPartnerFetch, logEvents } from '@devicebatch/edge'
 *
 * const partnerFetch = createPartnerFetch({
 *   credential: () => process.env.DEVICEBATCH_TOKEN!,
 *   observe: logEvents(console),
 * })
 * // GET /customers/{customerId}/batchJobStatus/{batchTrackingId} 200 in 143 ms (attempt 1, request 0127ed8e-…)
 * ```
 */
export function logEvents(logger: { log(line: string): void }): (event: PartnerCenterEvent) => void {
  // What an observer throws is ignored: this would log nothing, without a word.
  if (typeof logger?.log !== 'function') {
    throw new InvalidArgumentError(
      `\`logger\` must have a log(line) method, as \`console\` has; got ${show(logger)}.`,
    )
  }
  return (event) => {
    if (event.type !== 'attempt') return
    const { method, path, status, error, durationMs, attempt, requestId } = event
    logger.log(
      `${method} ${path} ${status ?? `no response (${error})`} in ${Math.round(durationMs)} ms (attempt ${attempt}, request ${requestId})`,
    )
  }
}
