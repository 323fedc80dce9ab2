/** Every error of this package, and the only place where their messages are written. */
import { isRetryableStatus } from './call/retry.ts'
import { isCertificateFault, networkCode } from './network-error.ts'
import { redact, redactData, redactLikely } from './redact.ts'
import { wireText } from './wire-text.ts'

/** The kind of failure. These values are stable: switch on them. */
export type PartnerCenterErrorCode =
  | 'api'
  | 'connection'
  | 'timeout'
  | 'authentication'
  | 'response'
  | 'invalid-argument'
  | 'database'

/** What is known about the call that failed. */
export interface CallFacts {
  /** The HTTP method. */
  method?: string | undefined
  /** The path with parameter names in place of their values. */
  path?: string | undefined
  /** The `MS-RequestId` that was sent: GUID, the same on every attempt of the call. Quote it to Microsoft support. */
  requestId?: string | undefined
  /** The `MS-CorrelationId` that was sent: GUID. */
  correlationId?: string | undefined
  /** How many requests were sent. */
  attempts?: number | undefined
  /** True when the service may have processed the request although the call failed: check before resending. */
  isAmbiguous?: boolean | undefined
}

/** What an error may carry besides its message; each class documents which. */
export interface ErrorDetails extends CallFacts {
  /** See {@link PartnerCenterError.isRetryable}. */
  isRetryable?: boolean | undefined
  /** See {@link ApiError.status}. */
  status?: number | undefined
  /** See {@link ApiError.serviceCode}. */
  serviceCode?: string | undefined
  /** See {@link ApiError.description}. */
  description?: string | undefined
  /** See {@link ApiError.data}. */
  data?: unknown[] | undefined
  /** See {@link ApiError.source}. */
  source?: string | undefined
  /** See {@link ApiError.serverId}. */
  serverId?: string | undefined
  /** See {@link ApiError.cv}. */
  cv?: string | undefined
  /** See {@link ApiError.retryAfterMs}. */
  retryAfterMs?: number | undefined
}

// Registered, so that it is the same in every realm and every copy of this package.
const brand = Symbol.for('devicebatch.PartnerCenterError')

const causes = new WeakMap<object, { cause: unknown; secrets: readonly string[] }>()

/**
 * The base class of every error in this project. The message says what failed and what to do; it never contains a secret.
 *
 * `cause` is the original error. What is printed or logged of it is one line at the end of `stack`, since another library's
 * error may carry a request with its token.
 */
export class PartnerCenterError extends Error {
  /** The kind of failure: switch on it. */
  declare readonly code: PartnerCenterErrorCode
  /** The HTTP method of the call; `undefined` when no request was made. */
  declare readonly method?: string
  /** The path of the call, such as `/customers/{customerId}/deviceBatches`; `undefined` when no request was made. */
  declare readonly path?: string
  /** The `MS-RequestId` of the call; `undefined` when no request was made. */
  declare readonly requestId?: string
  /** The `MS-CorrelationId` of the call; `undefined` when no request was made. */
  declare readonly correlationId?: string
  /** How many requests the call sent. */
  declare readonly attempts?: number
  /** True when the service may have processed the request although the call failed. Never true for reads. */
  readonly isAmbiguous: boolean = false
  /** True when the same call may succeed later, unchanged. */
  readonly isRetryable: boolean = false

  /** @hidden */
  constructor(message: string, details: ErrorDetails = {}, cause?: unknown, secrets: readonly string[] = []) {
    super(message)
    if (cause !== undefined) {
      causes.set(this, { cause, secrets })
      // Also for loggers, which write the stack.
      const stack = `${this.stack}\n[cause]: ${describeCause(cause, secrets)}`
      Object.defineProperty(this, 'stack', { value: stack, configurable: true, writable: true })
    }
    for (const [key, value] of Object.entries(details)) {
      if (value !== undefined) Object.assign(this, { [key]: value })
    }
  }

  /** Plain data without stack or cause, safe to log. */
  toJSON(): Record<string, unknown> {
    const plain: Record<string, unknown> = { name: this.name, message: this.message }
    return Object.assign(plain, this)
  }
}

/** The service returned an error; this includes an error sent with status 200. */
export class ApiError extends PartnerCenterError {
  override readonly code = 'api'
  /** The HTTP status. */
  declare readonly status: number
  /** The service's own code, such as `"1000"`; a number becomes a string. */
  declare readonly serviceCode?: string
  /** The service's own description, at most 1,024 characters. Absent when it sent none, or an HTML page. */
  declare readonly description?: string
  /** What the service sent along with the description, usually strings. */
  declare readonly data?: unknown[]
  /** The component of the service that responded, such as `"PartnerFD"`. */
  declare readonly source?: string
  /** The `MS-ServerId` of the response. */
  declare readonly serverId?: string
  /** The `MS-CV` of the response, its correlation vector. */
  declare readonly cv?: string
  /** How long the service asked to wait, in milliseconds. */
  declare readonly retryAfterMs?: number
  /** Set when the body was an HTML page: a proxy, a firewall or a gateway sends those; the service itself never does. */
  declare readonly isPage?: true
}

/** No complete response arrived: the connection failed, broke, or closed in the middle of the body. */
export class ConnectionError extends PartnerCenterError {
  override readonly code = 'connection'
  /** False when the certificate of the other side is not trusted. */
  declare readonly isRetryable: boolean
}

/** An attempt or the whole call timed out, or the service is throttling for longer than the call may take. */
export class TimeoutError extends PartnerCenterError {
  override readonly code = 'timeout'
  override readonly isRetryable = true
  /** How long the service asked other calls of this client to wait, in milliseconds; set only when that ended this call. */
  declare readonly retryAfterMs?: number
}

/** No token could be obtained. A 401 or 403 from the API itself is an {@link ApiError}. */
export class AuthenticationError extends PartnerCenterError {
  override readonly code = 'authentication'
  /** Microsoft Entra's code, such as `"AADSTS50076"`, or else the OAuth error, such as `"invalid_grant"`. */
  declare readonly serviceCode?: string
  /** How long the token endpoint asked to wait, in milliseconds. */
  declare readonly retryAfterMs?: number
}

/** A response that does not match the contract: a redirect, or a success whose body cannot be read. */
export class ResponseError extends PartnerCenterError {
  override readonly code = 'response'
  /** The HTTP status; 0 where a browser hides it. */
  declare readonly status: number
}

/** An argument was rejected before any request was made. */
export class InvalidArgumentError extends PartnerCenterError {
  override readonly code = 'invalid-argument'
}

/** A package that stores data in a database could not use it. No call of this package rejects with it. */
export interface DatabaseFailure extends PartnerCenterError {
  readonly code: 'database'
}

// An own property would be printed, on some runtimes with everything in it.
Object.defineProperty(PartnerCenterError.prototype, 'cause', {
  get(this: object) {
    return causes.get(this)?.cause
  },
})
// What Node, Deno, Bun and Workers print. Theirs would read `cause`, or not show the last line of the stack.
Object.defineProperty(PartnerCenterError.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(
    this: Error,
    _depth: number,
    options: unknown,
    inspect?: (value: unknown, options: unknown) => string,
  ) {
    return `${this.stack} ${inspect?.(Object.assign({}, this), options) ?? ''}`
  },
})

/** The class, message and code of another error, without secrets; they say more than its class alone. */
export function describeCause(cause: unknown, secrets: readonly string[]): string {
  const { name, message } = (cause ?? {}) as Record<string, unknown>
  const code = networkCode(cause)
  // A parser's message quotes the text that it could not parse.
  const own = name === 'SyntaxError' ? '' : wireText(message ?? cause)
  const text = redactLikely(redact(own, secrets)).replace(/\s+/g, ' ')
  const words = [wireText(name) || typeof cause, text.slice(0, 300)].filter(Boolean).join(': ')
  return code === undefined || words.includes(code) ? words : `${words} (${code})`
}

// Literals on the prototypes: they survive minification and stay out of printed errors.
for (const [name, type] of Object.entries({
  PartnerCenterError,
  ApiError,
  ConnectionError,
  TimeoutError,
  AuthenticationError,
  ResponseError,
  InvalidArgumentError,
})) {
  type.prototype.name = name
}
Object.defineProperty(PartnerCenterError.prototype, brand, { value: true })

/** Every error in this project: switch on its `code`. */
export type AnyPartnerCenterError =
  | ApiError
  | ConnectionError
  | TimeoutError
  | AuthenticationError
  | ResponseError
  | InvalidArgumentError
  | DatabaseFailure

/**
 * Whether `error` is one of this project's errors, even when it comes from another realm or another copy of the package,
 * where `instanceof` returns false.
 *
 * @example
 * ```ts
 * import { isPartnerCenterError } from '@devicebatch/edge'
 *
 * export function describe(error: unknown): string {
 *   return isPartnerCenterError(error) && error.code === 'api' ? `HTTP ${error.status}` : String(error)
 * }
 * ```
 */
export function isPartnerCenterError(error: unknown): error is AnyPartnerCenterError {
  return typeof error === 'object' && error !== null && brand in error
}

/** The facts of a call so far. */
export interface Call {
  readonly method: string
  /** The path with parameter names in place of their values. */
  readonly path: string
  readonly requestId: string
  readonly correlationId: string
  attempts: number
  isAmbiguous: boolean
}

/** What an error carries of a call: `path` is a getter, which a spread leaves out. */
export function factsOf(call: Call): Call {
  return { ...call, path: call.path }
}

/** An error about a call; `what` follows the method and the path. */
function failedCall<T>(
  type: new (message: string, details: ErrorDetails, cause?: unknown, secrets?: readonly string[]) => T,
  call: Call,
  what: string,
  details: ErrorDetails,
  cause?: unknown,
  secrets?: readonly string[],
): T {
  const message = `${call.method} ${call.path} ${what}${lookFirst(call)}`
  return new type(message, { ...factsOf(call), ...details }, cause, secrets)
}

function lookFirst(call: Call): string {
  return call.isAmbiguous ? ' The service may have processed it; check before resending.' : ''
}

/** What ended a call between two attempts; a failure to get a token is reported with the facts of the call. */
export function toInterruption(call: Call, error: unknown): unknown {
  if (!isPartnerCenterError(error) || error.code !== 'authentication' || call.attempts === 0) return error
  const { message, isRetryable, serviceCode, retryAfterMs, cause } = error
  return new AuthenticationError(
    message + lookFirst(call),
    { ...factsOf(call), isRetryable, serviceCode, retryAfterMs },
    cause,
    causes.get(error)?.secrets,
  )
}

/** Turns whatever `fetch` threw into the one error that means "no response". */
export function toConnectionError(call: Call, cause: unknown, tokens: readonly string[]): ConnectionError {
  const code = networkCode(cause)
  const isCertificate = isCertificateFault(code)
  return failedCall(
    ConnectionError,
    call,
    `got no complete response${code ? ` (${code})` : ''} on attempt ${call.attempts}. ${isCertificate ? certificateAdvice : 'Check the network and the base URL.'}`,
    { isRetryable: !isCertificate },
    cause,
    tokens,
  )
}

/** What to do about an untrusted certificate. */
export const certificateAdvice =
  'The certificate is not trusted: check the address, and add its certificate authority to the system or to NODE_EXTRA_CA_CERTS.'

/** Names the timeout that elapsed: `option` is its name, `limitMs` its value. */
export function toTimeoutError(call: Call, option: string, limitMs: number): TimeoutError {
  return failedCall(
    TimeoutError,
    call,
    `timed out ${call.attempts ? `on attempt ${call.attempts}` : 'before its first attempt'}: it exceeded \`${option}\` (${limitMs} ms). Try again later or raise the timeout.`,
    {},
  )
}

/** Reports that a call would have to wait for longer than it may take, because the service throttled others. */
export function toHeldError(call: Call, heldMs: number): TimeoutError {
  const retryAfterMs = Math.ceil(heldMs)
  return failedCall(
    TimeoutError,
    call,
    `was not sent: the service is throttling this client for another ${retryAfterMs} ms, which exceeds \`timeoutMs\`. Try again after that, or raise \`timeoutMs\`.`,
    { retryAfterMs },
  )
}

/** A response that breaks the contract; `problem` says how, and what to do. */
export function toResponseError(
  call: Call,
  status: number,
  problem: string,
  isRetryable: boolean,
  cause?: unknown,
): ResponseError {
  return failedCall(
    ResponseError,
    call,
    `returned ${status || 'a redirect'}: ${problem}`,
    { status, isRetryable },
    cause,
  )
}

/** What an error body says, whichever shape the service sent it in. */
export interface Fault {
  serviceCode?: string | undefined
  description?: string | undefined
  data?: unknown[] | undefined
  source?: string | undefined
  isRetryable?: boolean | undefined
  /** See `ApiError.isPage`. */
  isPage?: true
}

/** Removes the secrets of a call from a text that came from elsewhere. */
export type Redact = (text: string) => string

/** Reads every documented or observed error body: the API's, the gateway's, the token endpoint's, text, HTML, or none. */
export function parseFault(body: string, redact: Redact): Fault {
  const text = body.trim()
  try {
    const json: unknown = JSON.parse(text)
    return readFault(typeof json === 'string' ? { description: json } : json, redact)
  } catch {
    if (/^<[!hb]/i.test(text)) return { isPage: true }
    // Neither other markup nor truncated JSON is a description.
    return /^[<{[]/.test(text) ? {} : readFault({ description: text }, redact)
  }
}

/** The documented length of a description. */
const maxDescription = 1024

/** The members of a parsed fault, which some services wrap in `error`; all absent when it contains none. */
export function readFault(json: unknown, redact: Redact, isWrapped = false): Fault {
  // Some responses capitalize member names.
  const member: Record<string, unknown> = Object.fromEntries(
    Object.entries(json ?? {}).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]),
  )
  if (!isWrapped && typeof member.error === 'object' && member.error) {
    return readFault(member.error, redact, true)
  }
  const text = (value: unknown): string | undefined =>
    redact(wireText(value)).slice(0, maxDescription) || undefined
  const { data, isRetryable } = member
  return {
    serviceCode: text(member.code ?? member.error),
    description: text(member.description ?? member.message ?? member.error_description),
    data: Array.isArray(data) && data.length > 0 ? (redactData(data, redact) as unknown[]) : undefined,
    source: text(member.source),
    isRetryable: typeof isRetryable === 'boolean' ? isRetryable : undefined,
  }
}

const advice: Readonly<Record<number, string>> = {
  400: 'Correct the request.',
  401: 'The token was rejected: check its expiry, the app registration, its cloud, and that the user signed in with MFA.',
  403: "Check the caller's role and the reseller relationship with this customer.",
  404: 'Check the IDs; the result of an upload may also have expired.',
  429: 'Too many requests: wait before the next one.',
}

/** What to do about a response that is not from the service. */
export const proxyAdvice = 'Check that no proxy or sign-in page responds in place of the service.'

/** The one place where a response from the service becomes an error. */
export function toApiError(
  call: Call,
  { status, header }: { status: number; header: (name: string) => string | undefined },
  fault: Fault,
  retryAfterMs?: number,
): ApiError {
  const { serviceCode, description, isPage } = fault
  const code = serviceCode ? ` (service code ${serviceCode.slice(0, 60)})` : ''
  const words = description
    ? `: ${description
        .slice(0, 300)
        .replace(/\s+/g, ' ')
        .replace(/[ .]*$/, '.')}`
    : '.'
  // Gateways of the service send pages too, but only when it is overloaded or down.
  const next = isRetryableStatus(status)
    ? (advice[status] ?? 'Try again later.')
    : isPage
      ? `The body is an HTML page. ${proxyAdvice}`
      : advice[status]
  return failedCall(ApiError, call, `returned ${status}${code}${words}${next ? ` ${next}` : ''}`, {
    status,
    ...fault,
    serverId: header('ms-serverid'),
    cv: header('ms-cv'),
    retryAfterMs,
    isRetryable: fault.isRetryable ?? isRetryableStatus(status),
  })
}
