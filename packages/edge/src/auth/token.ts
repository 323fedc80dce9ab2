/** Where does the `Authorization` of an attempt come from? Tokens are cached, renewed ahead of time, and asked for once. */
import { withinLimit } from '../call/deadline.ts'
import { AuthenticationError, isPartnerCenterError } from '../errors.ts'

/** An access token and when it expires; the shape of `AccessToken` of `@azure/core-auth`. */
export interface AccessToken {
  /** The token itself, without `Bearer`. */
  token: string
  /** When it expires, in milliseconds since 1970. */
  expiresOnTimestamp: number
  /** From when it should be renewed ahead of its expiry, in milliseconds since 1970. */
  refreshAfterTimestamp?: number | undefined
}

/** What a credential is told beside the scopes. */
export interface GetTokenOptions {
  /** Ends the request for the token. */
  abortSignal?: AbortSignal
  /** The claims that the service demanded in its answer 401, as JSON text. */
  claims?: string
}

/** Anything with `getToken(scopes)`, as every credential of `@azure/identity` has. */
export interface TokenCredential {
  /** Gets a token for these scopes; null when it has none. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null>
}

/** Returns a token for one attempt. It is called for each attempt, since it does not say when its token expires. */
export type TokenFunction = (options: GetTokenOptions) => string | Promise<string>

/** Why a token was asked for. */
export type TokenReason = 'missing' | 'expiring' | 'refused'

/** Told after each request to the credential; `error` is what it rejected with. */
export type TokenObserver = (reason: TokenReason, durationMs: number, error?: unknown) => void

export interface TokenSource {
  /** The token that is at hand; `undefined` when one has to be asked for. */
  cached: () => string | undefined
  /** A token that is good for a request now. Rejects with the signal's reason as soon as it is aborted. */
  get: (signal: AbortSignal) => Promise<string>
  /** A token other than `refused`, which the service answered with 401; `undefined` when there is none. */
  renew: (refused: string, claims: string | undefined, signal: AbortSignal) => Promise<string | undefined>
}

/** A token is renewed in the background this long before it expires, or after half its life if that is shorter. */
const renewAheadMs = 5 * 60_000
/** A token is not used any more this long before it expires, as the official .NET SDK does. */
const expiryMarginMs = 30_000
/** After a failed renewal in the background the next one waits this long. */
const renewPauseMs = 30_000
/** A request to a credential that nobody ends is given up after this time. */
const tokenLimitMs = 60_000
/**
 * For a request to a credential that is older than this no other call waits, they ask anew: on Workers a request that has
 * ended takes along what was begun in it, and no promise says so.
 */
const sharedForMs = 5_000

/** Makes the token source of one partner client. */
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

  let cached: { token: string; renewAt: number; usableUntil: number } | undefined
  let flight: Flight<string> | undefined
  let flightClaims: string | undefined

  const sharedForMore = (): number => (flight ? flight.startedAt + sharedForMs - performance.now() : 0)
  const start = (reason: TokenReason, claims?: string): Flight<string> => {
    const end = (): void => {
      if (flight === own) flight = undefined
    }
    const own: Flight<string> = share(end, (signal) =>
      observed(reason, observe, signal, async () => {
        const answer = await withinLimit(
          async (own) => credential.getToken(scopes, { abortSignal: own, ...(claims && { claims }) }),
          tokenLimitMs,
          signal,
          tooLong,
        )
        const token = checkToken(answer?.token)
        const now = Date.now()
        const expiresAt = Number(answer?.expiresOnTimestamp) || now
        const life = Math.max(0, expiresAt - now)
        cached = {
          token,
          renewAt: answer?.refreshAfterTimestamp ?? expiresAt - Math.min(renewAheadMs, life / 2),
          usableUntil: expiresAt - Math.min(expiryMarginMs, life / 10),
        }
        return token
      }),
    )
    flight = own
    flightClaims = claims
    return own
  }
  const ask = async (reason: TokenReason, signal: AbortSignal, claims?: string): Promise<string> => {
    const limitMs = sharedForMore()
    // What is under way may have been asked for without the claims that are demanded now.
    if (!flight || limitMs <= 0 || (claims && flightClaims !== claims)) {
      return (await start(reason, claims).join(Infinity, signal))!
    }
    return (await flight.join(limitMs, signal)) ?? ask(reason, signal, claims)
  }

  return {
    cached() {
      const now = Date.now()
      if (!cached || now >= cached.usableUntil) return undefined
      if (now >= cached.renewAt && sharedForMore() <= 0) {
        cached.renewAt = now + renewPauseMs
        // Its failure is not this call's: the cached token is still good, and the observer was told.
        start('expiring')
          .join(Infinity)
          .catch(() => {})
      }
      return cached.token
    },
    get: (signal) => ask('missing', signal),
    async renew(refused, claims, signal) {
      if (cached && cached.token !== refused) return cached.token
      cached = undefined
      const token = await ask('refused', signal, claims)
      return token === refused ? undefined : token
    },
  }
}

/** One piece of work that many wait for; it is ended when the last of them has gone. */
interface Flight<T> {
  startedAt: number
  /** Waits for it; resolves with `undefined` when that took longer than `limitMs`. */
  join(limitMs: number, signal?: AbortSignal): Promise<T | undefined>
}

function share<T>(onEnd: () => void, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
  const controller = new AbortController()
  const result = work(controller.signal)
  result.then(onEnd, onEnd)
  let waiting = 0
  return {
    startedAt: performance.now(),
    async join(limitMs, signal) {
      const late = {}
      waiting++
      try {
        return await withinLimit(
          () => result,
          limitMs,
          signal,
          () => late,
        )
      } catch (error) {
        if (error !== late) throw error
        return undefined
      } finally {
        if (--waiting === 0) {
          // Before the abort, so that nobody joins what it ends.
          onEnd()
          controller.abort()
        }
      }
    },
  }
}

function tooLong(): AuthenticationError {
  return new AuthenticationError(
    `The credential gave no token within ${tokenLimitMs} ms. Check that its token endpoint can be reached.`,
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
            'The credential gave no token. Its own error is the `cause`; check tenant, client id, secret and consent.',
            { isRetryable: isTransient(cause) },
            cause,
          )
    observe(reason, performance.now() - startedAt, error)
    throw error
  }
}

/** A credential of `@azure/identity` puts the status of the token endpoint on its errors. */
function isTransient(cause: unknown): boolean {
  const status = Number((cause as { statusCode?: unknown } | undefined)?.statusCode)
  return status === 429 || status >= 500
}

/** Visible ASCII only: anything else could not stand in a header (RFC 6750, section 2.1). */
function checkToken(token: unknown): string {
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token
  throw new AuthenticationError(
    `The credential must give an access token as text without spaces and without "Bearer"; it gave ${
      typeof token === 'string' ? 'text of another form' : typeof token
    }.`,
  )
}
