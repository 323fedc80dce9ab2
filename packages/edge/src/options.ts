/** The options and their defaults, validated and resolved once, here. */
import type { TokenCredential, TokenFunction } from './auth/token.ts'
import { isLoopback, show, showAddress } from './call/path.ts'
import type { CallQueue, RateLimit } from './call/rate-limit.ts'
import { createRateLimit } from './call/rate-limit.ts'
import type { RetryOptions, RetryPolicy } from './call/retry.ts'
import { defaultRetry } from './call/retry.ts'
import { defaultAttemptTimeoutMs } from './defaults.ts'
import { InvalidArgumentError } from './errors.ts'
import type { PartnerCenterEvent } from './events.ts'

/** The clouds that Partner Center's documents name. */
export type Cloud = 'global' | 'germany' | 'us-government' | 'china'

/** The options of {@link createPartnerFetch}. */
export interface PartnerFetchOptions {
  /**
   * Supplies the tokens: anything with `getToken(scopes)`, such as any credential from `@azure/identity` or
   * `@devicebatch/edge/credentials`; or a function that returns a token and is called for each attempt.
   */
  credential: TokenCredential | TokenFunction
  /**
   * Which Partner Center to call. Default `'global'`. Germany closed in 2021. No document says that device deployment is
   * available in `'us-government'` or `'china'`. Mutually exclusive with `baseUrl`.
   */
  cloud?: Cloud | undefined
  /** The address of the API up to and including `/v1`: https, or http on a loopback host. Mutually exclusive with `cloud`. */
  baseUrl?: string | undefined
  /**
   * The scopes to request from the credential. Default `https://api.partnercenter.microsoft.com/.default`; for the cloud
   * `china`, `https://partner.partnercenterapi.microsoftonline.cn/.default`.
   */
  scopes?: string | string[] | undefined
  /** The `fetch` that sends the requests. Default `globalThis.fetch`, looked up on each call. */
  fetch?: typeof globalThis.fetch | undefined
  /** The name of your application, sent as `MS-PartnerCenter-Application`. Default: not sent. */
  applicationName?: string | undefined
  /** The language of service texts, such as `en-US`, sent as `X-Locale`. Default: not sent, which the service treats as `en-US`. */
  locale?: string | undefined
  /** Ask the service to report whether the user signed in with MFA; see `isMfaCompliant` of the attempt event. Default false. */
  validateMfa?: boolean | undefined
  /** The timeout for one attempt, including its body, in milliseconds. Default 60,000; `Infinity` for none. */
  attemptTimeoutMs?: number | undefined
  /** The timeout for a call including all its attempts and waits, in milliseconds. Default 120,000; `Infinity` for none. */
  timeoutMs?: number | undefined
  /** How to retry failed attempts; `false` to never retry. */
  retry?: RetryOptions | false | undefined
  /**
   * What makes a 429 hold other calls too: pass the same `createRateLimit()` to several clients of one partner. Default: one of
   * this client; `false` for none, if your `fetch` does its own rate limiting.
   */
  rateLimit?: RateLimit | false | undefined
  /** Called synchronously with each event. Anything it throws is ignored. */
  observe?: ((event: PartnerCenterEvent) => void) | undefined
}

/** The options of a single call. */
export interface CallOptions {
  /** Cancels the call and any wait in it immediately; the call then rejects with the signal's own reason. */
  signal?: AbortSignal | null | undefined
  /** The timeout for this call, in milliseconds. Default: that of the client. */
  timeoutMs?: number | undefined
  /** How to retry failed attempts of this call; `false` to never retry. Default: that of the client. */
  retry?: RetryOptions | false | undefined
  /**
   * The `MS-RequestId`, a GUID: the service's idempotency key. Default: a new one for each call. Save it before you send,
   * and reuse it only to repeat the same call after its response was lost.
   */
  requestId?: string | undefined
  /** The `MS-CorrelationId`, a GUID that ties calls together in the service's logs. Default: a new one for each call. */
  correlationId?: string | undefined
  /**
   * Called once with the `Location` of a successful response to a write, as soon as its headers arrive and before its body
   * is read: from then on you know the tracking ID of the upload, however the call ends. A call aborted after that still
   * rejects with the signal's own reason, so this callback is the only source of the ID. Read the IDs with
   * `parseBatchLocation`. Anything it throws is ignored.
   */
  onAccepted?: ((location: string) => void) | undefined
}

/** {@link PartnerFetchOptions}, validated, with every default filled in. */
export interface Settings {
  credential: TokenCredential | TokenFunction
  baseUrl: string
  scopes: string[]
  fetch: typeof globalThis.fetch | undefined
  /** Sent with every request; names in lower case. */
  headers: Readonly<Record<string, string>>
  attemptTimeoutMs: number
  timeoutMs: number
  retry: RetryPolicy | false
  rateLimit: CallQueue | undefined
  observe: ((event: PartnerCenterEvent) => void) | undefined
}

const globalBaseUrl = 'https://api.partnercenter.microsoft.com/v1'
const baseUrls: Readonly<Record<Cloud, string>> = {
  global: globalBaseUrl,
  // The documents give these two clouds the global address; only sign-in differs.
  germany: globalBaseUrl,
  'us-government': globalBaseUrl,
  china: 'https://partner.partnercenterapi.microsoftonline.cn/v1',
}

const optionNames: Record<keyof PartnerFetchOptions, true> = {
  credential: true,
  cloud: true,
  baseUrl: true,
  scopes: true,
  fetch: true,
  applicationName: true,
  locale: true,
  validateMfa: true,
  attemptTimeoutMs: true,
  timeoutMs: true,
  retry: true,
  rateLimit: true,
  observe: true,
}

/** The names of {@link CallOptions}. */
export const callNames: Readonly<Record<keyof CallOptions, true>> = {
  signal: true,
  timeoutMs: true,
  retry: true,
  requestId: true,
  correlationId: true,
  onAccepted: true,
}

/** Validates the options and fills in the defaults; throws `InvalidArgumentError` for the first invalid value. */
export function resolveSettings(options: PartnerFetchOptions): Settings {
  checkNames(options, optionNames)
  const { credential } = options ?? {}
  if (typeof credential !== 'function' && typeof credential?.getToken !== 'function') {
    throw new InvalidArgumentError(
      '`credential` must have a getToken(scopes) method, like the credentials in @azure/identity and @devicebatch/edge/credentials, or be a function that returns a token.',
    )
  }
  const baseUrl = resolveBaseUrl(options)
  return {
    credential,
    baseUrl,
    scopes: resolveScopes(options.scopes, baseUrl),
    fetch: checkFunction('fetch', options.fetch),
    headers: {
      ...textHeader('applicationName', 'ms-partnercenter-application', options.applicationName),
      ...textHeader('locale', 'x-locale', options.locale),
      ...(options.validateMfa && { validatemfa: 'true' }),
    },
    attemptTimeoutMs: resolveMs('attemptTimeoutMs', options.attemptTimeoutMs, defaultAttemptTimeoutMs),
    timeoutMs: resolveMs('timeoutMs', options.timeoutMs, 120_000),
    retry: resolveRetry(options.retry, defaultRetry),
    rateLimit: checkRateLimit(options.rateLimit),
    observe: checkListener('observe', options.observe),
  }
}

/**
 * Throws `InvalidArgumentError` for options that are not an object, and for the first option whose name is not a key of `known`.
 * TypeScript finds most of them, but plain JavaScript would ignore `timeout`, or a bare 5000, without a word.
 */
export function checkNames(
  options: object | null | undefined,
  known: Readonly<Record<string, true>>,
  path = '',
): void {
  const isObject = typeof (options ?? {}) === 'object'
  const unknown =
    isObject &&
    Object.entries(options ?? {}).find(([name, value]) => value !== undefined && known[name] !== true)
  if (isObject && !unknown) return
  const names = Object.keys(known).map((name) => `\`${path}${name}\``)
  throw new InvalidArgumentError(
    `${unknown ? `\`${path}${unknown[0]}\` is not an option` : `Options must be an object; got a ${typeof options}`}. The options are ${names.join(', ')}.`,
  )
}

/** Returns `signal` if it is an AbortSignal (from any realm) or absent. */
export function checkSignal(signal: AbortSignal | null | undefined): AbortSignal | null | undefined {
  if (signal == null || (typeof signal === 'object' && 'aborted' in signal)) return signal
  const hint = typeof signal === 'object' && 'signal' in signal
  throw new InvalidArgumentError(
    `\`signal\` must be an AbortSignal; got ${show(signal)}.${hint ? ' Pass `controller.signal`, not the controller.' : ''}`,
  )
}

/** A duration in milliseconds, `Infinity` allowed. */
export function resolveMs(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback
  if (typeof value === 'number' && value > 0) return value
  throw new InvalidArgumentError(`\`${name}\` must be a positive number of milliseconds; got ${show(value)}.`)
}

/** An integer of at least `least`. */
export function resolveCount(
  name: string,
  value: number | undefined,
  least: number,
  fallback: number,
): number {
  if (value === undefined) return fallback
  if (Number.isInteger(value) && value >= least) return value
  throw new InvalidArgumentError(`\`${name}\` must be an integer of at least ${least}; got ${show(value)}.`)
}

const retryNames: Record<keyof RetryOptions, true> = { limit: true, baseDelayMs: true, maxDelayMs: true }

/** Fills in what is not set from `defaults`; returns `defaults` itself when nothing is set. */
export function resolveRetry(
  retry: RetryOptions | false | undefined,
  defaults: RetryPolicy | false,
): RetryPolicy | false {
  if (retry === undefined || retry === false) return retry ?? defaults
  if (typeof retry !== 'object' || retry === null) {
    throw new InvalidArgumentError(
      `\`retry\` must be an object such as { limit: 3 }, or false; got ${show(retry)}.`,
    )
  }
  checkNames(retry, retryNames, 'retry.')
  const fallback = defaults || defaultRetry
  const limit = resolveCount('retry.limit', retry.limit ?? undefined, 0, fallback.limit)
  return {
    limit,
    baseDelayMs: resolveMs('retry.baseDelayMs', retry.baseDelayMs, fallback.baseDelayMs),
    maxDelayMs: resolveMs('retry.maxDelayMs', retry.maxDelayMs, fallback.maxDelayMs),
  }
}

/** The base URL of the service; throws `InvalidArgumentError` for an invalid cloud or address. */
export function resolveBaseUrl({ baseUrl, cloud }: Pick<PartnerFetchOptions, 'baseUrl' | 'cloud'>): string {
  if (baseUrl === undefined) {
    const known = Object.hasOwn(baseUrls, cloud ?? 'global') ? baseUrls[cloud ?? 'global'] : undefined
    if (known) return known
    throw new InvalidArgumentError(
      `\`cloud\` must be one of ${Object.keys(baseUrls).join(', ')}; got ${show(cloud)}. For any other address, set \`baseUrl\`.`,
    )
  }
  if (cloud !== undefined) throw new InvalidArgumentError('Set `cloud` or `baseUrl`, not both.')
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  // No user, query or fragment: only a path that ends in /v1 may follow the host.
  if (url && (url.protocol === 'https:' || isLoopback(url)) && /^\w+:\/\/[^@?#]+\/v1\/?$/.test(url.href)) {
    return url.href.replace(/\/$/, '')
  }
  throw new InvalidArgumentError(
    `\`baseUrl\` must be an https URL (http only on a loopback host) that ends in /v1, such as ${globalBaseUrl}; got ${showAddress(baseUrl)}.`,
  )
}

/** The scope of the service at a base URL. 21Vianet has one of its own (Microsoft's PowerShell module); all others share one. */
export function defaultScope(baseUrl: string): string {
  return (baseUrl === baseUrls.china ? baseUrls.china : globalBaseUrl).replace(/v1$/, '.default')
}

function resolveScopes(scopes: string | string[] | undefined, baseUrl: string): string[] {
  if (scopes === undefined) return [defaultScope(baseUrl)]
  const list = [scopes].flat()
  if (list.length > 0 && list.every((scope) => typeof scope === 'string' && scope !== '')) return list
  throw new InvalidArgumentError(
    `\`scopes\` must be a non-empty string or an array of non-empty strings; got ${show(scopes)}.`,
  )
}

/** The listener wrapped so that it never throws: observing must not change what is observed. */
export function checkListener<T>(
  name: string,
  listener: ((value: T) => void) | undefined,
): ((value: T) => void) | undefined {
  if (!checkFunction(name, listener)) return undefined
  return (value) => {
    try {
      const done: unknown = listener!(value)
      if (done instanceof Promise) done.catch(() => {})
    } catch {
      // An observer's error must not fail the call.
    }
  }
}

function checkRateLimit(rateLimit: RateLimit | false | undefined): CallQueue | undefined {
  if (rateLimit === undefined) return createRateLimit() as CallQueue
  if (rateLimit === false) return undefined
  if (typeof rateLimit?.isActive === 'function') return rateLimit as CallQueue
  throw new InvalidArgumentError(
    `\`rateLimit\` must be what createRateLimit() returned, or false; got ${show(rateLimit)}.`,
  )
}

function checkFunction<T>(name: string, value: T): T {
  if (value === undefined || typeof value === 'function') return value
  throw new InvalidArgumentError(`\`${name}\` must be a function; got ${show(value)}.`)
}

function textHeader(option: string, header: string, value: string | undefined): Record<string, string> {
  if (value === undefined) return {}
  if (typeof value === 'string' && /^[\x20-\x7e]+$/.test(value)) return { [header]: value }
  throw new InvalidArgumentError(
    `\`${option}\` must be printable ASCII, since it is sent in a header; got ${show(value)}.`,
  )
}
