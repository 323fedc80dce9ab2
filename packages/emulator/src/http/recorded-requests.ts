/** The recorded requests, for tests to inspect. */

import type { EmulatorOperation } from '../operations.ts'

/** One request that reached the emulator. */
export interface RecordedRequest {
  /** When it arrived, in milliseconds since 1970 on the emulator's clock. */
  readonly at: number
  /** The operation; undefined when no operation has this path and method. */
  readonly operation: EmulatorOperation | undefined
  /** The HTTP method. */
  readonly method: string
  /** Path and query as they were sent. */
  readonly path: string
  /** Every header by its name in lower case, `authorization` included. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as text; undefined when there was none or it has more than 100,000 characters. */
  readonly body: string | undefined
  /** The kind of fault that affected it; undefined when none did. */
  readonly fault: string | undefined
  /** The status of the response; undefined while there is none, and when the connection was cut. */
  readonly status: number | undefined
  /** The `Location` of the response, even when the connection was cut after the call was processed. */
  readonly location: string | undefined
}

/** A record that is still being filled in. */
export type OpenRecord = { -readonly [Name in keyof RecordedRequest]: RecordedRequest[Name] }

const keptRequests = 1_000
const keptCharacters = 100_000

/** Appends a record of the request; the oldest one is dropped when there are more than 1,000. */
export function record(requests: RecordedRequest[], request: Request, at: number): OpenRecord {
  const { pathname, search } = new URL(request.url)
  const opened: OpenRecord = {
    at,
    operation: undefined,
    method: request.method,
    path: pathname + search,
    headers: Object.fromEntries(request.headers),
    body: undefined,
    fault: undefined,
    status: undefined,
    location: undefined,
  }
  requests.push(opened)
  if (requests.length > keptRequests) requests.shift()
  return opened
}

/** The text as it is recorded. */
export function keepBody(text: string): string | undefined {
  return text === '' || text.length > keptCharacters ? undefined : text
}
