/** The operator's log: one line of JSON for each failure or refusal. Never a secret. */

/** One line. */
export interface LogLine {
  level: 'warn' | 'error'
  /** What happened, in a few fixed words. */
  event: string
  /** The method and the path of the request, without its query. */
  request?: string
  /** The visitor's address. */
  address?: string
  /** A reference that the visitor also sees, to find this line. */
  reference?: string
  /** The message of the error. */
  message?: string
}

export type Log = (line: LogLine) => void

/** Writes to standard error. */
export const logToConsole: Log = (line) =>
  console.error(JSON.stringify({ at: new Date().toISOString(), ...line }))
