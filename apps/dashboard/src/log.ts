/** The operator's log: one line of JSON for each request, sign-in, change, refusal and failure. Never a secret. The README lists its fields. */

/** One line. */
export interface LogLine {
  level: 'info' | 'warn' | 'error'
  /** What happened, in a few fixed words. */
  event: string
  /** The same in all lines about one request, and in its response as `X-Request-Id`. */
  requestId?: string
  method?: string
  /** Without the query. */
  path?: string
  /** Of the response. */
  status?: number
  /** From the request to the beginning of the response. */
  durationMs?: number
  /** Who did it: the name, and what stays the same when it changes. */
  by?: string
  /** The submission that it was done to. */
  submissionId?: string
  /** The visitor's address. */
  address?: string
  /** The message of the error. */
  message?: string
}

export type Log = (line: LogLine) => void

/** Writes to standard error. */
export const logToConsole: Log = (line) =>
  console.error(JSON.stringify({ time: new Date().toISOString(), ...line }))

/** The same without requests that went well: a terminal is to stay readable. */
export const logProblemsToConsole: Log = (line) => {
  if (line.level !== 'info') logToConsole(line)
}

const againMs = 60_000

/** Logs errors in the background: each message once a minute, because a database that is gone is noticed twice a second. */
export function backgroundErrors(log: Log): (error: unknown) => void {
  const loggedAt = new Map<string, number>()
  return (error) => {
    const message = error instanceof Error ? error.message : String(error)
    const now = performance.now()
    if (now - (loggedAt.get(message) ?? -Infinity) < againMs) return
    for (const [old, at] of loggedAt) if (now - at >= againMs) loggedAt.delete(old)
    loggedAt.set(message, now)
    log({ level: 'error', event: 'background work failed', message })
  }
}
