/** What can be set, and what holds when it is not. Checked and filled in once, here. */
import type { TokenCredential, TokenFunction } from './auth/token.ts'
import { isLoopback, show, showAddress } from './call/path.ts'
import type { RetryOptions, RetryPolicy } from './call/retry.ts'
import { defaultRetry } from './call/retry.ts'
import { InvalidArgumentError } from './errors.ts'
import type { PartnerCenterEvent } from './events.ts'

/** The clouds that Partner Center's documents name. */
export type Cloud = 'global' | 'germany' | 'us-government' | 'china'

/** The options of {@link createPartnerFetch}. */
export interface PartnerFetchOptions {
  /**
   * Gives the tokens: anything with `getToken(scopes)`, such as every credential of `@azure/identity` or those of
   * `@devicebatch/edge/credentials`; or a function that returns a token and is called for each attempt.
   */
  credential: TokenCredential | TokenFunction
  /**
   * Which Partner Center to call. Default `'global'`. Germany closed in 2021. For `'us-government'` and `'china'` no
   * document says that device deployment exists there. Exclusive with `baseUrl`.
   */
  cloud?: Cloud | undefined
  /** The address of the API up to and including `/v1`: https, or http on a loopback host. Exclusive with `cloud`. */
  baseUrl?: string | undefined
  /** What the credential is asked for. Default `https://api.partnercenter.microsoft.com/.default`. */
  scopes?: string | string[] | undefined
  /** The fetch to send requests with. Default `globalThis.fetch`, looked up at each call. */
  fetch?: typeof globalThis.fetch | undefined
  /** The name of your application, sent as `MS-PartnerCenter-Application`. Default: not sent. */
  applicationName?: string | undefined
  /** The language of texts, such as `en-US`, sent as `X-Locale`. Default: not sent, which the service takes for `en-US`. */
  locale?: string | undefined
  /** Ask the service to say whether the user signed in with MFA; see `isMfaCompliant` of the attempt event. Default false. */
  validateMfa?: boolean | undefined
  /** The longest time for one attempt, its body included, in milliseconds. Default 60 000; `Infinity` for no limit. */
  attemptTimeoutMs?: number | undefined
  /** The longest time for a call with all its attempts and waits, in milliseconds. Default 120 000; `Infinity` for no limit. */
  timeoutMs?: number | undefined
  /** How failed attempts are repeated; `false` for never. */
  retry?: RetryOptions | false | undefined
  /**
   * After a 429, hold the other calls of this client too: those for the same customer, and all of them when a second
   * customer is throttled meanwhile. Then they go 1, 2, 4, … at a time. Default true; false where your `fetch` paces its
   * requests itself.
   */
  holdWhenThrottled?: boolean | undefined
  /** Called with each event, at once. What it throws is ignored. */
  observe?: ((event: PartnerCenterEvent) => void) | undefined
}

/** What can be set for one call. */
export interface CallOptions {
  /** Ends the call, and every wait in it, at once; the call then rejects with the signal's own reason. */
  signal?: AbortSignal | null | undefined
  /** The longest time for this call, in milliseconds. Default: that of the client. */
  timeoutMs?: number | undefined
  /** How failed attempts of this call are repeated; `false` for never. Default: that of the client. */
  retry?: RetryOptions | false | undefined
  /**
   * The `MS-RequestId`, a GUID: the service's idempotency key. Default: a new one for each call. Write it down before you
   * send, and use it again only to repeat the same call after its answer was lost.
   */
  requestId?: string | undefined
  /** The `MS-CorrelationId`, a GUID that ties calls together in the service's logs. Default: a new one for each call. */
  correlationId?: string | undefined
  /**
   * Called once with the `Location` of a successful response to a write, as soon as its headers have arrived and before
   * its body is read: the tracking id of an upload is known from then on, however the call ends. A call that is aborted
   * after that still rejects with the signal's own reason, and this is where its upload is known from. Read the ids with
   * `parseBatchLocation`. What it throws is ignored.
   */
  onAccepted?: ((location: string) => void) | undefined
}

/** {@link PartnerFetchOptions}, checked and with every default filled in. */
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
  holdWhenThrottled: boolean
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

/** Checks the options and fills in the defaults; throws `InvalidArgumentError` for the first value that is wrong. */
export function resolveSettings(options: PartnerFetchOptions): Settings {
  const { credential } = options ?? {}
  if (typeof credential !== 'function' && typeof credential?.getToken !== 'function') {
    throw new InvalidArgumentError(
      '`credential` must have a method getToken(scopes), as those of @azure/identity and @devicebatch/edge/credentials have, or be a function that returns a token.',
    )
  }
  return {
    credential,
    baseUrl: resolveBaseUrl(options),
    scopes: resolveScopes(options.scopes),
    fetch: checkFunction('fetch', options.fetch),
    headers: {
      ...textHeader('applicationName', 'ms-partnercenter-application', options.applicationName),
      ...textHeader('locale', 'x-locale', options.locale),
      ...(options.validateMfa && { validatemfa: 'true' }),
    },
    attemptTimeoutMs: resolveMs('attemptTimeoutMs', options.attemptTimeoutMs, 60_000),
    timeoutMs: resolveMs('timeoutMs', options.timeoutMs, 120_000),
    retry: resolveRetry(options.retry, defaultRetry),
    holdWhenThrottled: options.holdWhenThrottled ?? true,
    observe: checkListener('observe', options.observe),
  }
}

/** Returns `signal` if it is an AbortSignal, of whatever realm, or absent. */
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
  throw new InvalidArgumentError(`\`${name}\` must be a number of milliseconds above 0; got ${show(value)}.`)
}

/** A whole number from `least`. */
export function resolveCount(
  name: string,
  value: number | undefined,
  least: number,
  fallback: number,
): number {
  if (value === undefined) return fallback
  if (Number.isInteger(value) && value >= least) return value
  throw new InvalidArgumentError(`\`${name}\` must be a whole number from ${least}; got ${show(value)}.`)
}

/** Fills in what is not set from `defaults`, which is returned itself when nothing is. */
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
  const fallback = defaults || defaultRetry
  const limit = resolveCount('retry.limit', retry.limit ?? undefined, 0, fallback.limit)
  return {
    limit,
    baseDelayMs: resolveMs('retry.baseDelayMs', retry.baseDelayMs, fallback.baseDelayMs),
    maxDelayMs: resolveMs('retry.maxDelayMs', retry.maxDelayMs, fallback.maxDelayMs),
  }
}

function resolveBaseUrl({ baseUrl, cloud }: PartnerFetchOptions): string {
  if (baseUrl === undefined) {
    const known = Object.hasOwn(baseUrls, cloud ?? 'global') ? baseUrls[cloud ?? 'global'] : undefined
    if (known) return known
    throw new InvalidArgumentError(
      `\`cloud\` must be one of ${Object.keys(baseUrls).join(', ')}; got ${show(cloud)}. For another address set \`baseUrl\`.`,
    )
  }
  if (cloud !== undefined) throw new InvalidArgumentError('Set `cloud` or `baseUrl`, not both.')
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  // Neither user nor query nor fragment: what follows the host is a path that ends in /v1.
  if (url && (url.protocol === 'https:' || isLoopback(url)) && /^\w+:\/\/[^@?#]+\/v1\/?$/.test(url.href)) {
    return url.href.replace(/\/$/, '')
  }
  throw new InvalidArgumentError(
    `\`baseUrl\` must be an https address (http only on this machine) that ends in /v1, such as ${globalBaseUrl}; got ${showAddress(baseUrl)}.`,
  )
}

function resolveScopes(
  scopes: string | string[] = 'https://api.partnercenter.microsoft.com/.default',
): string[] {
  const list = [scopes].flat()
  if (list.length > 0 && list.every((scope) => typeof scope === 'string' && scope !== '')) return list
  throw new InvalidArgumentError(
    `\`scopes\` must be text, or a list of texts, that are not empty; got ${show(scopes)}.`,
  )
}

/** The listener, if it is one, without what it throws: watching must not change what is watched. */
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
      // See above.
    }
  }
}

function checkFunction<T>(name: string, value: T): T {
  if (value === undefined || typeof value === 'function') return value
  throw new InvalidArgumentError(`\`${name}\` must be a function; got ${show(value)}.`)
}

function textHeader(option: string, header: string, value: string | undefined): Record<string, string> {
  if (value === undefined) return {}
  if (typeof value === 'string' && /^[\x20-\x7e]+$/.test(value)) return { [header]: value }
  throw new InvalidArgumentError(
    `\`${option}\` must be printable ASCII text, since it is sent in a header; got ${show(value)}.`,
  )
}
