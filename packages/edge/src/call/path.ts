/** How does an ID get into a path? Ids are validated and encoded here, so that none can change the path around it. */
import { InvalidArgumentError } from '../errors.ts'

const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
const guidParameters = ['customerId', 'batchTrackingId', 'policyId']
// oxlint-disable-next-line no-control-regex -- it looks for control characters
const unsafeText = /^\.{0,2}$|[\u0000-\u001f\u007f/\\\p{Surrogate}]/u

/** Whether `value` is a GUID as the service writes it, in any case. */
export function isGuid(value: unknown): value is string {
  return typeof value === 'string' && guid.test(value)
}

/** Whether two pairs of IDs identify the same upload. The case of a GUID does not matter. */
export function sameUpload(one: UnknownUpload, other: UnknownUpload): boolean {
  const nameOf = ({ customerId, batchTrackingId }: UnknownUpload): string =>
    JSON.stringify([customerId, batchTrackingId]).toLowerCase()
  return nameOf(one) === nameOf(other)
}

/** The IDs of an upload from an external source, not yet validated. */
interface UnknownUpload {
  customerId: unknown
  batchTrackingId: unknown
}

/** Throws `InvalidArgumentError` unless `value` is a GUID; returns it unchanged. */
export function checkGuid(name: string, value: unknown): string {
  if (isGuid(value)) return value
  throw new InvalidArgumentError(
    `\`${name}\` must be a GUID such as 0127ed8e-ff72-4983-a3d8-e8d8bd378932; got ${show(value)}.`,
  )
}

/**
 * Fills the `{names}` of a path template.
 *
 * `customerId`, `batchTrackingId` and `policyId` must be GUIDs. Every other parameter is free text and is
 * percent-encoded, but must not be empty, `.` or `..`, or contain a slash, a backslash or a control character.
 */
export function buildPath(template: string, parameters: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name]
    if (guidParameters.includes(name)) return checkGuid(name, value)
    if (typeof value !== 'string' || unsafeText.test(value)) {
      throw new InvalidArgumentError(
        `\`${name}\` must be a non-empty string other than "." and "..", without "/", "\\" or control characters; got ${show(value)}.`,
      )
    }
    return encodeURIComponent(value)
  })
}

const parameterAfter: Readonly<Record<string, string>> = {
  customers: '/{customerId}',
  batchjobstatus: '/{batchTrackingId}',
  devicebatches: '/{batchId}',
  devices: '/{deviceId}',
  policies: '/{policyId}',
  devicepolicyupdates: '/*',
}

/** The path of a URL with every ID replaced by its name, for events and messages. Unknown segments become `*`. */
export function pathTemplate(url: string): string {
  return url
    .replace(/[?#].*|^\w+:\/\/[^/]*/g, '')
    .replace(/^.*?\/v1(?=\/|$)/, '')
    .replace(/\/+([^/]*)(\/+[^/]+)?/g, (_, word: string, id?: string) => {
      const known = word.toLowerCase()
      const name = Object.hasOwn(parameterAfter, known) ? parameterAfter[known] : undefined
      return `/${name ? word : '*'}${id ? (name ?? '/*') : ''}`
    })
}

/** Whether a URL is http on a loopback host, the only place where http is safe. */
export function isLoopback(url: URL): boolean {
  return url.protocol === 'http:' && isLoopbackHost(url.hostname)
}

/** Whether a host, as it stands in a URL, is this machine. */
export function isLoopbackHost(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host)
}

/** Formats a value for a message: strings quoted, objects as their type, at most 60 characters. */
export function show(value: unknown): string {
  const isOpaque = typeof value === 'function' || (typeof value === 'object' && value !== null)
  const text =
    typeof value === 'string' ? JSON.stringify(value) : isOpaque ? typeof value : `${value as number}`
  return text.length > 60 ? text.slice(0, 59) + '…' : text
}

/** Formats an address for a message, without user, password, query and fragment, which may contain a secret. */
export function showAddress(value: unknown): string {
  // A password may contain a slash or a question mark: everything before an @ is left out.
  return show(typeof value === 'string' ? value.replace(/^(\w+:\/\/)?.*@|[?#].*/gs, '$1…') : value)
}
