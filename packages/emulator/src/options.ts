/** What a user of the emulator can switch, with the defaults, read once when the emulator is created. */

/** How the emulator behaves where the documents leave a choice; every default is the best documented behaviour. */
export interface EmulatorOptions {
  /** Milliseconds on the emulator's clock that an upload stays `queued`; 0 or more, default 2,000. */
  queuedMs?: number | undefined
  /**
   * Milliseconds on the emulator's clock from the start of processing to the end of the batch; the devices finish one
   * after another in this time. 0 or more, default 10,000. (The documented batch took ten minutes.)
   */
  processingMs?: number | undefined
  /** Where the clock starts: an ISO 8601 time such as `2030-01-01T00:00:00Z`; default is now. */
  startTime?: string | undefined
  /**
   * How many milliseconds the clock moves in one real millisecond: 1 is real time (the default), 60 lets a minute pass
   * in a second, 0 stands still and moves by `clock.advance()` alone. Tokens live 3,600 seconds of this clock.
   */
  timeScale?: number | undefined
  /** Successful JSON bodies start with a UTF-8 byte order mark, as the service's very probably do; default true. */
  bom?: boolean | undefined
  /** A call that repeats an `MS-RequestId` gets the first answer and is not carried out again; default true. */
  deduplicate?: boolean | undefined
  /** `BatchUploadDetails` has its own `attributes`, as the documented example prints it; default false. */
  batchAttributes?: boolean | undefined
  /**
   * A batch with a device that failed ends as `finished_with_errors`; default false: it ends as `finished`, as in the
   * documented example.
   */
  batchStatusTellsErrors?: boolean | undefined
  /** A time that is not yet known is sent as `0001-01-01T00:00:00`; default true. With false it is left out. */
  yearOneTimes?: boolean | undefined
  /**
   * An app-only token may create a batch; default true. The older documents allow it and the newest say App+User only:
   * with false such a call is answered with 403.
   */
  appOnlyMayCreate?: boolean | undefined
  /**
   * The name of a policy's counter of devices: `devicesAssigned` (the default) is that of the documented examples,
   * `devicesAssignedCount` that of the documents' table and the SDKs; or `both`.
   */
  policyCounter?: 'devicesAssigned' | 'devicesAssignedCount' | 'both' | undefined
  /**
   * Where the token of the next page of devices stands: in the `body` as `continuationToken`, as documented (the default),
   * in the body's `links.next.headers`, or in the answer's `header` `MS-ContinuationToken`, as in newer lists of this host.
   */
  continuationTokenIn?: 'body' | 'links' | 'header' | undefined
  /**
   * What happens when a refresh token is used: `renew` (the default) gives a new one and keeps the old one good, `replace`
   * gives a new one and refuses the old one from then on, `none` gives no new one.
   */
  refreshTokenRotation?: 'renew' | 'replace' | 'none' | undefined
  /**
   * The refresh token of `emulatorCredentials` was got with multifactor authentication; default true. With false it is
   * refused with AADSTS50076, and one that comes from the authorize endpoint is not.
   */
  refreshTokenHasMfa?: boolean | undefined
  /**
   * Host names, without a port, by which a server may reach the emulator besides those of this machine (`localhost`,
   * 127.0.0.0/8, `[::1]`), such as `host.docker.internal`; default none. A request with another `Host` header gets 403, so
   * that no page can reach the emulator by rebinding its own name to this machine.
   */
  allowedHosts?: readonly string[] | undefined
  /** Pages of any origin may call the emulator, its own endpoints included; default false. */
  cors?: boolean | undefined
  /** Bytes that a request body may have, 1 or more, default 30,000,000; a longer one is answered with 400. */
  maxBodyBytes?: number | undefined
}

/** The options with every default filled in; `startTime` as milliseconds since 1970, undefined for now. */
export type EmulatorSettings = Readonly<
  Required<{
    [Name in Exclude<keyof EmulatorOptions, 'startTime'>]: NonNullable<EmulatorOptions[Name]>
  }>
> & { readonly startTime: number | undefined }

/** Fills in the defaults. Throws a `RangeError` or `TypeError` that begins with the option's name when a value is out of range. */
export function resolveOptions(options: EmulatorOptions): EmulatorSettings {
  return {
    queuedMs: numberFrom(0, 'queuedMs', options.queuedMs ?? 2_000),
    processingMs: numberFrom(0, 'processingMs', options.processingMs ?? 10_000),
    startTime: options.startTime === undefined ? undefined : parseTime('startTime', options.startTime),
    timeScale: numberFrom(0, 'timeScale', options.timeScale ?? 1),
    bom: options.bom ?? true,
    deduplicate: options.deduplicate ?? true,
    batchAttributes: options.batchAttributes ?? false,
    batchStatusTellsErrors: options.batchStatusTellsErrors ?? false,
    yearOneTimes: options.yearOneTimes ?? true,
    appOnlyMayCreate: options.appOnlyMayCreate ?? true,
    policyCounter: oneOf('policyCounter', options.policyCounter, [
      'devicesAssigned',
      'devicesAssignedCount',
      'both',
    ]),
    continuationTokenIn: oneOf('continuationTokenIn', options.continuationTokenIn, [
      'body',
      'links',
      'header',
    ]),
    refreshTokenRotation: oneOf('refreshTokenRotation', options.refreshTokenRotation, [
      'renew',
      'replace',
      'none',
    ]),
    refreshTokenHasMfa: options.refreshTokenHasMfa ?? true,
    allowedHosts: (options.allowedHosts ?? []).map((host) => host.toLowerCase()),
    cors: options.cors ?? false,
    maxBodyBytes: numberFrom(1, 'maxBodyBytes', options.maxBodyBytes ?? 30_000_000),
  }
}

/** Returns the word, the first one for undefined, or throws a `TypeError` when it is none of these. */
function oneOf<Word extends string>(
  name: string,
  value: Word | undefined,
  words: readonly [Word, ...Word[]],
): Word {
  if (value === undefined) return words[0]
  if (words.includes(value)) return value
  throw new TypeError(`"${name}" must be one of ${words.join(', ')}; got ${JSON.stringify(value)}.`)
}

/** Returns the number, or throws a `RangeError` when it is not finite or below `least`. */
export function numberFrom(least: number, name: string, value: number): number {
  if (Number.isFinite(value) && value >= least) return value
  throw new RangeError(`"${name}" must be a number of at least ${least}, got ${String(value)}.`)
}

/** The end of the year 9999: no later time can be written in the API's form. */
export const latestTime: number = Date.parse('9999-12-31T23:59:59.999Z')

/** Milliseconds since 1970 of an ISO 8601 time; one without a zone is UTC, as everywhere in this API. */
export function parseTime(name: string, time: string): number {
  const zoned = /(?:z|[+-]\d\d:?\d\d)$/i.test(time) || !time.includes('T') ? time : `${time}Z`
  const milliseconds = Date.parse(zoned)
  if (milliseconds <= latestTime) return milliseconds
  throw new RangeError(
    `"${name}" must be an ISO 8601 time such as 2030-01-01T00:00:00Z, got ${JSON.stringify(time)}.`,
  )
}
