/** Where does the `Authorization` of an attempt come from? Tokens are cached, renewed early, and requested only once. */
import { withinLimit } from '../call/deadline.ts'
import { AuthenticationError, isPartnerCenterError } from '../errors.ts'
import { isCertificateFault, networkCode } from '../network-error.ts'
import { sharedForMs } from './shared-for.ts'

/** An access token and when it expires; the shape of `AccessToken` of `@azure/core-auth`. */
export interface AccessToken {
  /** The token itself, without `Bearer`. */
  token: string
  /** When it expires, in milliseconds since 1970. */
  expiresOnTimestamp: number
  /** When to renew it ahead of its expiry, in milliseconds since 1970. */
  refreshAfterTimestamp?: number | undefined
}

/** What a credential receives besides the scopes. */
export interface GetTokenOptions {
  /** Cancels the token request. */
  abortSignal?: AbortSignal
  /** The claims that the service demanded in its 401 response, as JSON text. */
  claims?: string
}

/** Anything with `getToken(scopes)`, such as any credential from `@azure/identity`. */
export interface TokenCredential {
  /** Gets a token for these scopes; null when it has none. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null>
}

/** Returns a token for one attempt. It is called for each attempt, since it does not report when the token expires. */
export type TokenFunction = (options: GetTokenOptions) => string | Promise<string>

/** Why a token was requested. */
export type TokenReason = 'missing' | 'expiring' | 'refused'

/** Called after each request to the credential; `error` is what it rejected with. */
export type TokenObserver = (reason: TokenReason, durationMs: number, error?: unknown) => void

export interface TokenSource {
  /** The cached token; `undefined` when one must be requested. */
  cached: () => string | undefined
  /** A token that is valid for a request now. Rejects with the signal's reason as soon as it is aborted. */
  get: (signal: AbortSignal) => Promise<string>
  /** A token other than `refused`, which the service rejected with 401; `undefined` when there is none. */
  renew: (refused: string, claims: string | undefined, signal: AbortSignal) => Promise<string | undefined>
}

/** A token is renewed in the background this long before it expires, or after half its lifetime if that is shorter. */
const renewAheadMs = 5 * 60_000
/** A token is no longer used this long before it expires, as in the official .NET SDK. */
const expiryMarginMs = 30_000
/** After a failed background renewal the next one waits this long. */
const renewPauseMs = 30_000
/** The timeout of a token request that nothing else ends. */
const tokenLimitMs = 60_000
/** An expiry below this is in seconds: in milliseconds it would lie before March 1973. */
const leastExpiryMs = 100_000_000_000

/** Creates the token source of one partner client. */
export function createTokenSource(
  credential: TokenCredential | TokenFunction,
  scopes: string[],
  observe: TokenObserver,
): TokenSource {
  if (typeof credential === 'function') {
    const ask = (reason: TokenReason, signal: AbortSignal, claims?: string): Promise<string> =>
      observed(reason, observe, signal, async () =>
        checkToken(await credential({ abortSignal: signal, ...(claims && { claims }) })),
      )
    return {
      cached: () => undefined,
      get: (signal) => ask('missing', signal),
      async renew(refused, claims, signal) {
        const token = await ask('refused', signal, claims)
        return token === refused ? undefined : token
      },
    }
  }

  let stored: StoredToken | undefined
  let flight: Flight | undefined
  let flightClaims: string | undefined
  /** Callers waiting for a token from any request. */
  const waiters: Waiters = new Set()

  const store = (token: StoredToken): string => {
    stored = token
    for (const release of waiters) release(token)
    return token.token
  }
  const isUsable = (token: StoredToken | undefined, claims?: string): token is StoredToken =>
    token !== undefined && Date.now() < token.usableUntil && satisfies(token, claims)

  const start = (reason: TokenReason, claims?: string): Flight => {
    const end = (): void => {
      if (flight === own) flight = undefined
    }
    const own: Flight = share(waiters, end, (signal) =>
      observed(reason, observe, signal, async () => {
        const response = await withinLimit(
          async (own) => credential.getToken(scopes, { abortSignal: own, ...(claims && { claims }) }),
          tokenLimitMs,
          signal,
          tooLong,
          reason === 'expiring',
        )
        return store(readToken(response, claims))
      }),
    )
    flight = own
    flightClaims = claims
    return own
  }
  const sharedForMore = (): number => (flight ? flight.startedAt + sharedForMs() - performance.now() : 0)
  const request = async (reason: TokenReason, signal: AbortSignal, claims?: string): Promise<string> => {
    for (;;) {
      if (isUsable(stored, claims)) return stored.token
      // A request in progress may lack the claims demanded now.
      const limitMs = flight && (!claims || flightClaims === claims) ? sharedForMore() : 0
      const [joined, joinedForMs] =
        flight && limitMs > 0 ? [flight, limitMs] : [start(reason, claims), Infinity]
      const token = await joined.join(joinedForMs, claims, signal)
      if (token !== undefined) return token
    }
  }

  return {
    cached() {
      if (!isUsable(stored)) return undefined
      const now = Date.now()
      if (now >= stored.renewAt && sharedForMore() <= 0) {
        stored.renewAt = now + renewPauseMs
        // A failure does not concern this call: the stored token is still valid, and the observer was called.
        start('expiring')
          .join(Infinity, undefined)
          .catch(() => {})
      }
      return stored.token
    },
    get: (signal) => request('missing', signal),
    async renew(refused, claims, signal) {
      if (stored?.token === refused) stored = undefined
      const token = await request('refused', signal, claims)
      return token === refused ? undefined : token
    },
  }
}

interface StoredToken {
  token: string
  /** The claims it was requested with. */
  claims: string | undefined
  renewAt: number
  usableUntil: number
}

function readToken(response: AccessToken | null, claims: string | undefined): StoredToken {
  const { token, expiresOnTimestamp, refreshAfterTimestamp } = response ?? ({} as Partial<AccessToken>)
  const now = Date.now()
  const expiresAt = Number(expiresOnTimestamp) || now
  if (expiresAt > 0 && expiresAt < leastExpiryMs) {
    throw new AuthenticationError(
      `The credential's \`expiresOnTimestamp\` must be in milliseconds since 1970; got ${expiresAt}, which looks like seconds. Multiply it by 1000.`,
    )
  }
  const life = Math.max(0, expiresAt - now)
  return {
    token: checkToken(token),
    claims,
    renewAt: refreshAfterTimestamp ?? expiresAt - Math.min(renewAheadMs, life / 2),
    usableUntil: expiresAt - Math.min(expiryMarginMs, life / 10),
  }
}

function satisfies(token: StoredToken, claims: string | undefined): boolean {
  return !claims || token.claims === claims
}

type Waiters = Set<(token: StoredToken) => void>

/** One request to the credential that many callers share; it is aborted when the last of them leaves. */
interface Flight {
  startedAt: number
  /**
   * Waits for its token, or for one from another request that arrives first and satisfies `claims`. Resolves with
   * `undefined` after `limitMs`.
   */
  join(limitMs: number, claims: string | undefined, signal?: AbortSignal): Promise<string | undefined>
}

function share(waiters: Waiters, onEnd: () => void, work: (signal: AbortSignal) => Promise<string>): Flight {
  const controller = new AbortController()
  const result = work(controller.signal)
  result.then(onEnd, onEnd)
  let waiting = 0
  return {
    startedAt: performance.now(),
    async join(limitMs, claims, signal) {
      const late = {}
      let release: ((token: StoredToken) => void) | undefined
      const first = (): Promise<string> =>
        new Promise((resolve, reject) => {
          release = (token) => satisfies(token, claims) && resolve(token.token)
          waiters.add(release)
          result.then(resolve, reject)
        })
      waiting++
      try {
        return await withinLimit(first, limitMs, signal, () => late)
      } catch (error) {
        if (error !== late) throw error
        return undefined
      } finally {
        if (release) waiters.delete(release)
        if (--waiting === 0) {
          // Before the abort, so that no caller joins a request that is about to end.
          onEnd()
          controller.abort()
        }
      }
    },
  }
}

function tooLong(): AuthenticationError {
  return new AuthenticationError(
    `The credential returned no token within ${tokenLimitMs} ms. Check that its token endpoint can be reached.`,
    { isRetryable: true },
  )
}

async function observed(
  reason: TokenReason,
  observe: TokenObserver,
  signal: AbortSignal,
  ask: () => Promise<string>,
): Promise<string> {
  const startedAt = performance.now()
  try {
    const token = await ask()
    observe(reason, performance.now() - startedAt)
    return token
  } catch (cause) {
    const error = signal.aborted
      ? (signal.reason as unknown)
      : isPartnerCenterError(cause)
        ? cause
        : new AuthenticationError(
            'The credential returned no token; see `cause`. Check the tenant, client ID, secret and consent.',
            { isRetryable: isTransient(cause) },
            cause,
          )
    observe(reason, performance.now() - startedAt, error)
    throw error
  }
}

/**
 * Whether the credential may succeed later. Everything but a refusal counts: a network failure has no status, and each
 * credential reports it differently.
 */
function isTransient(cause: unknown): boolean {
  const { statusCode, name, message, errorCode } = (cause ?? {}) as Record<string, unknown>
  const status = Number(statusCode)
  if (status >= 400) return status === 408 || status === 429 || status >= 500
  // From `@azure/identity`: nothing is configured, or a user must sign in. `errorCode` is MSAL's, an OAuth error.
  const isRefusal =
    name === 'CredentialUnavailableError' ||
    name === 'AuthenticationRequiredError' ||
    /^(invalid|unauthorized|interaction|consent|access_denied)/.test(String(errorCode)) ||
    /AADSTS\d/.test(String(message)) ||
    isCertificateFault(networkCode(cause))
  return !isRefusal
}

/** Visible ASCII only: nothing else is valid in the header (RFC 6750, section 2.1). */
function checkToken(token: unknown): string {
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token
  throw new AuthenticationError(
    `The credential must return an access token as a string without spaces and without "Bearer"; got ${
      typeof token === 'string' ? 'a string in another form' : typeof token
    }.`,
  )
}
