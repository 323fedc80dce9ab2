/** Quirks: behaviors of the service that no source documents or on which sources contradict each other. */

import { checkMember, numberFrom, oneOf } from '../check-value.ts'
import type { RetryAfterForm } from '../http/retry-after.ts'

/**
 * How the emulator behaves where public sources leave the service's behavior open. Every default is the best documented or the
 * most convenient behavior; the profile `unkind` picks the others at random. A share is a probability from 0 to 1, drawn from
 * the option `seed`: the same seed makes the same choice for the same upload, device or call.
 */
export interface EmulatorQuirks {
  /** Successful JSON bodies start with a UTF-8 byte order mark, as the service's very probably do; default true. */
  bom?: boolean | undefined
  /**
   * A call that repeats an `MS-RequestId` gets the first response and is not processed again; default true. The documentation
   * promises it for the header, but no source shows it for uploads.
   */
  deduplicate?: boolean | undefined
  /**
   * An app-only token may create a batch; default false: the newest documentation says App+User only, and such a call gets
   * a 403. The older documentation allows it.
   */
  appOnlyMayCreate?: boolean | undefined
  /** `BatchUploadDetails` has its own `attributes`, as in the documented example; default false. */
  batchAttributes?: boolean | undefined
  /**
   * A batch with a failed device ends as `finished_with_errors`; default false: it ends as `finished`, as in the
   * documented example.
   */
  batchStatusTellsErrors?: boolean | undefined
  /** A time that is not yet known is sent as `0001-01-01T00:00:00`; default true. With false it is omitted. */
  yearOneTimes?: boolean | undefined
  /**
   * How times are written: `zone-less` (the default), as documented for statuses and batches, `utc` with a `Z`, `offset` with
   * seven fractional digits and an offset other than UTC, as captured from devices, or `mixed`, a different one for each time.
   */
  times?: TimeForm | 'mixed' | undefined
  /**
   * How status values are spelled: `snake_case` (the default), as documented; `PascalCase` and `kebab-case`, as the
   * service's own libraries and the prose of the documentation spell them; `UPPER_CASE`, `Title Case`, or `mixed`. All but the
   * first also use `in-progress` for a device that is `processing`, like the table in the documentation.
   */
  statusValues?: StatusSpelling | 'mixed' | undefined
  /** `errorCode` of a device is a number, like `code` of an error body, instead of a string; default false. */
  numericErrorCodes?: boolean | undefined
  /** A missing value is sent as null instead of being omitted; default false. */
  nulls?: boolean | undefined
  /** How an empty list is sent: `empty` (the default), `null`, or `absent`. */
  emptyLists?: 'empty' | 'null' | 'absent' | undefined
  /** The order of the results in a status: that of the `upload` (the default), or `shuffled` again as devices finish. */
  resultOrder?: 'upload' | 'shuffled' | undefined
  /** Whether a status includes unfinished devices: `listed` from the start (the default), or `absent`. */
  unfinishedResults?: 'listed' | 'absent' | undefined
  /**
   * Milliseconds on the emulator's clock by which about half of the results are late, even after the batch reports that it is
   * finished; 0 or more, default 0.
   */
  lateResultsMs?: number | undefined
  /** The share of devices that a status lists twice, sometimes with an earlier status; default 0. */
  repeatedResults?: number | undefined
  /** The share of devices that no status ever lists; default 0. */
  missingResults?: number | undefined
  /** The share of uploads whose status also lists devices that were not in the upload; default 0. */
  foreignResults?: number | undefined
  /** The share of status calls that return the customer's previous upload; default 0. */
  foreignStatuses?: number | undefined
  /**
   * For how many milliseconds on the emulator's clock after an upload is accepted its status returns 404; 0 or more,
   * default 0.
   */
  statusAfterMs?: number | undefined
  /**
   * For how many milliseconds on the emulator's clock after a batch is created nothing can be added to it or listed from it,
   * and the list of batches does not show it; 0 or more, default 0.
   */
  batchAfterMs?: number | undefined
  /**
   * How many devices a page contains: `full` is 100, as documented (the default); `varied` is 0 to 100, with 0 even for pages
   * in the middle.
   */
  pages?: 'full' | 'varied' | undefined
  /** What `totalCount` of a page counts: the devices of `all` pages (the default), or of this `page`. */
  totalCount?: 'all' | 'page' | undefined
  /**
   * Where the response puts the token of the next page: in the `body` as `continuationToken`, as documented (the default),
   * in the body's `links.next.headers`, or in the response's `header` `MS-ContinuationToken`, as in newer lists of this host.
   */
  continuationTokenIn?: 'body' | 'links' | 'header' | undefined
  /**
   * How the `Location` of an upload is written: `relative` without host and `/v1`, as documented (the default),
   * `versioned` with `/v1`, or `absolute`.
   */
  location?: 'relative' | 'versioned' | 'absolute' | undefined
  /**
   * The name of a policy's device counter: `devicesAssigned` (the default) comes from the documented examples,
   * `devicesAssignedCount` from the documentation's table and the SDKs; or `both`.
   */
  policyCounter?: 'devicesAssigned' | 'devicesAssignedCount' | 'both' | undefined
  /** The share of API calls that get a 429, never two in a row of one operation; default 0. */
  throttledCalls?: number | undefined
  /**
   * The form of their `Retry-After`: `seconds` (the default), as documented, one of HTTP's three date formats,
   * `repeated` (`2, 1`), `unreadable`, `none`, or `mixed`.
   */
  retryAfter?: RetryAfterForm | 'repeated' | 'unreadable' | 'none' | 'mixed' | undefined
  /** The share of API calls with a user's token that are rejected for lack of MFA (401, 900421); default 0. */
  mfaRefusals?: number | undefined
  /**
   * What `isMfaCompliant` reports about a user's token when a call sends `ValidateMfa`; default true. With false the call still
   * succeeds, as it did before the service enforced MFA.
   */
  isMfaCompliant?: boolean | undefined
  /** The share of token requests that get a 503 or 429, never two in a row; default 0. */
  busyTokenEndpoint?: number | undefined
  /** Milliseconds on the emulator's clock that a token request takes; 0 or more, default 0. */
  tokenDelayMs?: number | undefined
  /**
   * What happens when a refresh token is used: `renew` (the default) returns a new one and keeps the old one valid, `replace`
   * returns a new one and rejects the old one from then on, `none` returns no new one.
   */
  refreshTokenRotation?: 'renew' | 'replace' | 'none' | undefined
}

/** A way to write a time. */
export type TimeForm = 'zone-less' | 'utc' | 'offset'

/** A way to spell a status value. */
export type StatusSpelling = 'snake_case' | 'PascalCase' | 'kebab-case' | 'UPPER_CASE' | 'Title Case'

/** All quirks, with every default filled in. */
export type ResolvedQuirks = Readonly<{
  [Name in keyof EmulatorQuirks]-?: NonNullable<EmulatorQuirks[Name]>
}>

type Rules = { [Name in keyof ResolvedQuirks]: (value: unknown, name: string) => ResolvedQuirks[Name] }

const rules: Rules = {
  bom: flag(true),
  deduplicate: flag(true),
  appOnlyMayCreate: flag(false),
  batchAttributes: flag(false),
  batchStatusTellsErrors: flag(false),
  yearOneTimes: flag(true),
  times: word('zone-less', 'utc', 'offset', 'mixed'),
  statusValues: word('snake_case', 'PascalCase', 'kebab-case', 'UPPER_CASE', 'Title Case', 'mixed'),
  numericErrorCodes: flag(false),
  nulls: flag(false),
  emptyLists: word('empty', 'null', 'absent'),
  resultOrder: word('upload', 'shuffled'),
  unfinishedResults: word('listed', 'absent'),
  lateResultsMs: duration,
  repeatedResults: share,
  missingResults: share,
  foreignResults: share,
  foreignStatuses: share,
  statusAfterMs: duration,
  batchAfterMs: duration,
  pages: word('full', 'varied'),
  totalCount: word('all', 'page'),
  continuationTokenIn: word('body', 'links', 'header'),
  location: word('relative', 'versioned', 'absolute'),
  policyCounter: word('devicesAssigned', 'devicesAssignedCount', 'both'),
  throttledCalls: share,
  retryAfter: word(
    'seconds',
    'imf-fixdate',
    'rfc850-date',
    'asctime-date',
    'repeated',
    'unreadable',
    'none',
    'mixed',
  ),
  mfaRefusals: share,
  isMfaCompliant: flag(true),
  busyTokenEndpoint: share,
  tokenDelayMs: duration,
  refreshTokenRotation: word('renew', 'replace', 'none'),
}

/** The name of every quirk. */
export const quirkNames: readonly string[] = Object.keys(rules)

/** Fills in the defaults. Throws a `RangeError` or `TypeError` that begins with the quirk's name when a value is wrong. */
export function resolveQuirks(quirks: EmulatorQuirks): ResolvedQuirks {
  for (const name of Object.keys(quirks)) checkMember('a quirk', name, quirkNames)
  const resolved = Object.entries(rules).map(([name, rule]) => [
    name,
    rule(quirks[name as keyof EmulatorQuirks], name),
  ])
  return Object.fromEntries(resolved) as ResolvedQuirks
}

function flag(usual: boolean): (value: unknown, name: string) => boolean {
  return (value = usual, name) => {
    if (typeof value === 'boolean') return value
    throw new TypeError(`"${name}" must be true or false, got ${JSON.stringify(value)}.`)
  }
}

/** One of these words; the first is the default. */
function word<Word extends string>(
  ...words: readonly [Word, ...Word[]]
): (value: unknown, name: string) => Word {
  return (value, name) => oneOf(name, value, words)
}

function duration(value: unknown = 0, name: string): number {
  return numberFrom(0, name, value)
}

function share(value: unknown = 0, name: string): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value
  throw new RangeError(`"${name}" must be a share from 0 to 1, got ${JSON.stringify(value)}.`)
}
