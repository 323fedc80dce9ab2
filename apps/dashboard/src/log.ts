/** What the operator reads: one line of JSON for each thing that went wrong or was refused. Never a secret. */

/** One line. */
export interface LogLine {
  level: 'warn' | 'error'
  /** What happened, in a few fixed words. */
  event: string
  /** The method and the path of the request, without its query. */
  request?: string
  /** Where it came from. */
  address?: string
  /** What is shown to the visitor as well, to find the line by. */
  reference?: string
  /** The error's own words. */
  message?: string
}

export type Log = (line: LogLine) => void

/** Writes to standard error. */
export const logToConsole: Log = (line) =>
  console.error(JSON.stringify({ at: new Date().toISOString(), ...line }))
